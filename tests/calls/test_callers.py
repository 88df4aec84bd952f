"""Who calls: an extension or a tied mobile, and a stranger whatever else is written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.calls.callers import Identity, Inside, Mobile, Stranger, who_calls
from voice.divert.model import Extension
from voice.numbering import NumberPlan
from voice.store.memory import memory_store
from voice.store.port import Listing, Store

NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
ANNA = Listing(Extension("1234"), "Anna Berg", mobiles=("+46701234567",))
BO = Listing(Extension("2345"), "Bo Ek")


async def listed() -> Store:
    store = memory_store()
    await store.directory.put([ANNA, BO], NOW, "test")
    return store


@pytest.mark.parametrize(
    ("caller", "identity"),
    [
        ("1234", Inside(ANNA.extension)),
        ("2345", Inside(BO.extension)),
        ("+46701234567", Mobile(ANNA.extension)),
        ("0701234567", Mobile(ANNA.extension)),
        ("0046 70-123 45 67", Mobile(ANNA.extension)),
        ("tel:+46-70-123-45-67", Mobile(ANNA.extension)),
        ("9999", Stranger()),
        ("0701234568", Stranger()),
        ("+471234", Stranger()),
        ("+1234", Stranger()),
        ("1234;phone-context=elsewhere", Stranger()),
        (" 1234", Stranger()),
        ("\u0661\u0662\u0663\u0664", Stranger()),
        ("anonymous", Stranger()),
        ("", Stranger()),
        (None, Stranger()),
    ],
)
async def test_a_caller_is_whom_the_number_belongs_to(
    caller: str | None, identity: Identity
):
    assert await who_calls(caller, await listed(), NumberPlan()) == identity


async def test_a_mobile_is_known_by_the_prefixes_of_the_site():
    store = await listed()
    norway = NumberPlan(country="47", trunk="")
    assert await who_calls("0701234567", store, norway) == Stranger()
    assert await who_calls("0046701234567", store, norway) == Mobile(ANNA.extension)


@given(caller=st.text() | st.from_regex(r"[+0-9]{1,16}", fullmatch=True))
async def test_nobody_is_known_by_any_other_number(caller: str):
    identity = await who_calls(caller, await listed(), NumberPlan())
    if caller not in ("1234", "2345") and "701234567" not in caller:
        assert identity == Stranger()
