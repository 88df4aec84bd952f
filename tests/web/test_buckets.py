"""How often each may ask: at once, in the long run, and beside others."""

from hypothesis import given
from hypothesis import strategies as st

from voice.web.buckets import Buckets, Rate


def test_so_many_at_once_and_then_one_by_one():
    buckets = Buckets(Rate(a_second=2, at_once=3))
    assert [buckets.wait("anna", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.wait("bo", 0) == 0
    assert buckets.wait("anna", 0.25) == 0.25
    assert buckets.wait("anna", 0.5) == 0
    assert buckets.wait("anna", 0.5) == 0.5
    assert [buckets.wait("anna", 100) for _ in range(4)] == [0, 0, 0, 0.5]


def test_what_is_given_back_can_be_taken_again():
    buckets = Buckets(Rate(a_second=1, at_once=2))
    for _ in range(5):
        assert buckets.wait("anna", 0) == 0
        buckets.give_back("anna")
    buckets.give_back("anna")
    buckets.give_back("bo")
    assert [buckets.wait("anna", 0) for _ in range(3)] == [0, 0, 1]
    assert [buckets.wait("bo", 0) for _ in range(3)] == [0, 0, 1]


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing():
    buckets = Buckets(Rate(a_second=1, at_once=1))
    assert buckets.wait("anna", 100) == 0
    assert buckets.wait("anna", 50) == 1
    assert buckets.wait("anna", 51) == 0


def test_there_are_never_more_buckets_than_there_is_room_for():
    buckets = Buckets(Rate(a_second=1, at_once=1))
    for number in range(10_000):
        buckets.wait(str(number), 0)
    assert buckets.wait("9999", 0) > 0
    buckets.wait("one more", 0)
    # Who was silent for longest is forgotten, and begins anew.
    assert buckets.wait("0", 0) == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=300).map(sorted))
def test_nobody_gets_more_than_the_rate(instants: list[float]):
    buckets = Buckets(Rate(a_second=2, at_once=5))
    taken = [at for at in instants if not buckets.wait("anna", at)]
    assert len(taken) <= 5 + 2 * (instants[-1] - instants[0]) + 1e-6
