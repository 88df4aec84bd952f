"""PINs: only the right one opens, and no number of tries finds it."""

import logging
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.model import Extension
from voice.lockout import (
    FIRST_LOCK,
    FREE_TRIES,
    HASHER,
    LONGEST_LOCK,
    Verdict,
    after_wrong,
    is_locked,
)
from voice.pins import PinError, Pins, check
from voice.store.credentials_port import Tries
from voice.store.memory import memory_store
from voice.store.port import Listing, Store, UnknownExtensionError

NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANNA, BO, STRANGER = Extension("1234"), Extension("2345"), Extension("9999")
PIN, OTHER = "730916", "284075"
# As the real one in all but the work.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Counting(PasswordHasher):
    """A real hasher that remembers which hashes it was asked to check."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checked: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.checked.append(hash)
        return super().verify(hash, password)


@pytest.fixture
async def store() -> Store:
    store = memory_store()
    people = [Listing(ANNA, "Anna Berg"), Listing(BO, "Bo Ek")]
    await store.directory.put(people, NOW, "test")
    return store


@pytest.fixture
async def pins(store: Store) -> Pins:
    pins = Pins(store, QUICK)
    await pins.set(ANNA, PIN, NOW, "test")
    return pins


async def wrong(pins: Pins, times: int, now: datetime = NOW) -> list[Verdict]:
    return [await pins.verify(ANNA, OTHER, now) for _ in range(times)]


async def trail(store: Store) -> list[str]:
    return [entry.event for entry in await store.audit.entries(ANNA)][::-1]


async def test_the_right_pin_opens_and_another_does_not(pins: Pins):
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.RIGHT
    assert await pins.verify(ANNA, OTHER, NOW) is Verdict.WRONG


@pytest.mark.parametrize("pin", ["", "-", "73091", "7309160", "73091\u0666", "\udcff"])
async def test_what_is_no_pin_is_a_wrong_one(pins: Pins, store: Store, pin: str):
    assert await pins.verify(ANNA, pin, NOW) is Verdict.WRONG
    kept = await store.credentials.find(ANNA)
    assert kept is not None
    assert kept.tries == Tries(1)


async def test_the_fifth_wrong_pin_locks_and_the_right_one_is_refused(
    pins: Pins, store: Store
):
    assert await wrong(pins, FREE_TRIES) == [Verdict.WRONG] * FREE_TRIES
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.LOCKED
    last = NOW + FIRST_LOCK - SECOND
    assert await pins.verify(ANNA, PIN, last) is Verdict.LOCKED
    assert await trail(store) == ["ExtensionAdded", "PinSet", "PinLocked"]


async def test_a_lock_opens_by_itself(pins: Pins):
    await wrong(pins, FREE_TRIES)
    assert await pins.verify(ANNA, PIN, NOW + FIRST_LOCK) is Verdict.RIGHT
    assert await wrong(pins, FREE_TRIES - 1) == [Verdict.WRONG] * (FREE_TRIES - 1)
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.RIGHT


async def test_each_wrong_pin_after_a_lock_locks_for_longer(pins: Pins, store: Store):
    await wrong(pins, FREE_TRIES)
    second = NOW + FIRST_LOCK
    assert await wrong(pins, 2, second) == [Verdict.WRONG, Verdict.LOCKED]
    third = second + 2 * FIRST_LOCK
    assert await pins.verify(ANNA, PIN, third - SECOND) is Verdict.LOCKED
    assert await pins.verify(ANNA, PIN, third) is Verdict.RIGHT
    assert (await trail(store))[2:] == ["PinLocked", "PinLocked"]


async def test_tries_while_it_is_locked_do_not_make_it_longer(pins: Pins, store: Store):
    await wrong(pins, FREE_TRIES)
    before = await store.credentials.find(ANNA)
    assert await wrong(pins, 20) == [Verdict.LOCKED] * 20
    assert await store.credentials.find(ANNA) == before


async def test_a_right_pin_forgets_the_wrong_ones(pins: Pins, store: Store):
    for _ in range(3):
        await wrong(pins, FREE_TRIES - 1)
        assert await pins.verify(ANNA, PIN, NOW) is Verdict.RIGHT
    assert "PinLocked" not in await trail(store)


async def test_a_right_pin_at_the_last_try_locks_nothing(pins: Pins, store: Store):
    await wrong(pins, FREE_TRIES - 1)
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.RIGHT
    assert await trail(store) == ["ExtensionAdded", "PinSet"]


async def test_an_operator_unlocks(pins: Pins, store: Store):
    await wrong(pins, FREE_TRIES)
    for _ in range(2):
        await pins.unlock(ANNA, NOW, "test")
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.RIGHT
    assert (await trail(store))[2:] == ["PinLocked", "PinUnlocked"]


async def test_a_new_pin_replaces_the_old_and_unlocks(pins: Pins):
    await wrong(pins, FREE_TRIES)
    await pins.set(ANNA, OTHER, NOW, "test")
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.WRONG
    assert await pins.verify(ANNA, OTHER, NOW) is Verdict.RIGHT


async def test_without_a_pin_none_is_right(pins: Pins):
    await pins.clear(ANNA, NOW, "test")
    for extension in (ANNA, BO, STRANGER):
        for pin in (PIN, "", "000000"):
            assert await pins.verify(extension, pin, NOW) is Verdict.WRONG


async def test_one_persons_pin_is_not_anothers(pins: Pins):
    await pins.set(BO, OTHER, NOW, "test")
    assert await pins.verify(BO, PIN, NOW) is Verdict.WRONG
    await wrong(pins, FREE_TRIES - 1)
    await pins.verify(ANNA, PIN[::-1], NOW)
    assert await pins.verify(BO, OTHER, NOW) is Verdict.RIGHT


async def test_every_try_costs_the_same_work_whoever_is_tried(store: Store):
    hashing = Counting()
    pins = Pins(store, hashing)
    await pins.set(ANNA, PIN, NOW, "test")
    for extension, pin, verdict in (
        (ANNA, PIN, Verdict.RIGHT),
        *[(ANNA, OTHER, Verdict.WRONG)] * FREE_TRIES,
        (ANNA, PIN, Verdict.LOCKED),
        (ANNA, "1", Verdict.LOCKED),
        (BO, PIN, Verdict.WRONG),
        (STRANGER, PIN, Verdict.WRONG),
    ):
        hashing.checked.clear()
        assert await pins.verify(extension, pin, NOW) is verdict
        (checked,) = hashing.checked
        costs = "$argon2id$v=19$m=8,t=1,p=1$"
        assert str(checked).startswith(costs)


def test_the_work_is_what_is_asked_of_passwords():
    assert HASHER.hash(PIN).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_damaged_hash_opens_to_nobody(
    pins: Pins, store: Store, caplog: pytest.LogCaptureFixture
):
    for damaged in ("", "x", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$"):
        await store.credentials.put(ANNA, damaged, NOW, "test")
        assert await pins.verify(ANNA, PIN, NOW) is Verdict.WRONG
    assert "damaged" in caplog.text
    assert ANNA not in caplog.text


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "111111", "123456", "654321", "012345", "890123", "135791"),
        *("121212", "112112", "123123", "112233", "998877", "123321", "474474"),
        *("123412", "341234", "112340", "561234"),
    ],
)
async def test_an_easy_pin_is_refused(pins: Pins, pin: str):
    with pytest.raises(PinError, match="first that anybody would try: choose") as told:
        await pins.set(ANNA, pin, NOW, "test")
    assert pin not in str(told.value)
    assert await pins.verify(ANNA, PIN, NOW) is Verdict.RIGHT


@pytest.mark.parametrize(
    "pin", ["", "73091", "7309164", "73091a", "73 0916", "７３０９１６"]
)
def test_a_pin_is_six_digits(pin: str):
    with pytest.raises(PinError, match="6 digits and nothing else") as told:
        check(pin, ANNA)
    assert not pin or pin not in str(told.value)


@pytest.mark.parametrize("extension", ["7", "73", "730", "2345", "12345678"])
def test_a_pin_may_hold_a_short_extension_by_chance(extension: str):
    check(PIN, Extension(extension))


def test_a_long_extension_holds_no_pin():
    with pytest.raises(PinError, match="not the extension"):
        check(PIN, Extension(f"08{PIN}"))


async def test_only_those_in_the_directory_can_have_one(pins: Pins):
    for asked in (
        pins.set(STRANGER, PIN, NOW, "test"),
        pins.clear(STRANGER, NOW, "test"),
        pins.unlock(STRANGER, NOW, "test"),
    ):
        with pytest.raises(UnknownExtensionError, match="extension add 9999"):
            await asked
    with pytest.raises(PinError, match="2345 has no PIN: give it one with"):
        await pins.unlock(BO, NOW, "test")


async def test_a_pin_is_written_nowhere(
    pins: Pins, store: Store, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    await pins.verify(ANNA, PIN, NOW)
    await wrong(pins, FREE_TRIES + 1)
    kept = await store.credentials.find(ANNA)
    seen = f"{caplog.text} {pins!r} {kept!r} {await store.audit.entries()!r}"
    assert kept is not None
    for secret in (PIN, OTHER, kept.hash):
        assert secret not in seen
    assert PIN not in kept.hash


tries = st.builds(Tries, st.integers(0, 10_000), st.none())


@given(before=tries)
def test_locks_grow_to_a_day_and_no_further(before: Tries):
    after = after_wrong(before, NOW)
    assert after.wrong == before.wrong + 1
    if after.wrong < FREE_TRIES:
        assert after.locked_until is None
        return
    assert after.locked_until is not None
    assert FIRST_LOCK <= after.locked_until - NOW <= LONGEST_LOCK
    assert is_locked(after, NOW)
    assert not is_locked(after, after.locked_until)


def test_each_lock_is_twice_the_last_until_the_longest():
    then, locks = Tries(FREE_TRIES - 1), []
    for _ in range(12):
        then = after_wrong(then, NOW)
        assert then.locked_until is not None
        locks.append(then.locked_until - NOW)
    assert locks[0] == FIRST_LOCK
    for one, following in pairwise(locks):
        assert following == min(2 * one, LONGEST_LOCK)
    assert locks[-1] == LONGEST_LOCK
