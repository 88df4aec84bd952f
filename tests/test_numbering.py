"""Numbers: one form for each, whoever wrote it, and none for what is no number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.numbering import NumberPlan, is_normal, normal

SWEDEN = NumberPlan()
# Denmark writes no trunk prefix, and some exchanges no + and no 00.
DENMARK = NumberPlan(country="45", trunk="")
BARE = NumberPlan(international="")
PLANS = (SWEDEN, DENMARK, BARE)

between = st.sampled_from(["", " ", "-", ".", "/", "\u00a0", "\u2011", "\u2013"])
# Without a country or trunk prefix, and nowhere a nought first.
national = st.from_regex(r"[1-9][0-9]{6,8}", fullmatch=True)


@st.composite
def spaced(draw: st.DrawFn, digits: str) -> str:
    return "".join(digit + draw(between) for digit in digits)


@pytest.mark.parametrize(
    "written",
    [
        "+46701234567",
        "+46 70-123 45 67",
        "+46 (0)70-123 45 67",
        "0046701234567",
        "0046 (0)70 123 45 67",
        "0701234567",
        "070-123 45 67",
        "070/1234567",
        "070\u2011123\u00a045\u00a067",
        "tel:+46-70-123-45-67",
        "TEL:+46701234567;phone-context=exchange.example",
        "tel:0701234567;phone-context=+46",
        "tel:0701234567;ext=12;Phone-Context=exchange.example",
        "  0701234567\n",
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str):
    assert normal(written, SWEDEN) == "+46701234567"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "+",
        "anonymous",
        "Anonymous@anonymous.invalid",
        "unavailable",
        "1234",
        "701234567",
        "*23*3#",
        "070123456x",
        "07012345\u0667\u0667",
        "+046701234567",
        "0",
        "00",
        "070",
        "+4670123456789012",
        "++46701234567",
        "tel:0701234567;phone-context=+47",
        "tel:",
    ],
)
def test_what_is_no_number_is_nobodys(written: str):
    assert normal(written, SWEDEN) is None


def test_a_number_of_another_country_keeps_its_own():
    assert normal("004791234567", SWEDEN) == "+4791234567"
    # Italy's nought belongs to the number.
    assert normal("+390612345678", SWEDEN) == "+390612345678"


def test_a_country_without_a_trunk_prefix():
    assert normal("20 12 34 56", DENMARK) == "+4520123456"
    assert normal("0046701234567", DENMARK) == "+46701234567"
    assert normal("1234", DENMARK) is None


def test_an_exchange_that_writes_no_international_prefix():
    assert normal("46701234567", BARE) == "+46701234567"
    assert normal("0701234567", BARE) == "+46701234567"


@given(data=st.data(), digits=national)
def test_prefixes_and_spaces_make_no_difference(data: st.DataObject, digits: str):
    whole = f"+46{digits}"
    for prefix in ("+46", "+460", "0046", "00460", "0"):
        written = data.draw(spaced(prefix + digits))
        assert normal(written, SWEDEN) == whole
        assert normal(f"tel:{written}", SWEDEN) == whole


@given(text=st.text(), plan=st.sampled_from(PLANS))
def test_any_text_is_a_number_in_its_form_or_none(text: str, plan: NumberPlan):
    number = normal(text, plan)
    assert number is None or is_normal(number)


@given(
    text=st.from_regex(r"(\+|00|0)?[0-9 ()-]{1,18}", fullmatch=True),
    plan=st.sampled_from(PLANS),
)
def test_a_number_in_its_form_stays_as_it_is(text: str, plan: NumberPlan):
    number = normal(text, plan)
    assert number is None or normal(number, plan) == number
