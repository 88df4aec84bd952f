"""Calls that come back each time they are put through are not taken for ever."""

from voice.calls.loops import Loops
from voice.divert.model import Extension

BO, EVA = Extension("1300"), Extension("1301")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def put_through(loops: Loops, times: int, caller: str | None = "0912") -> list[bool]:
    rounds = []
    for _ in range(times):
        rounds.append(loops.goes_round(caller, BO))
        loops.note(caller, BO)
    return rounds


def test_a_caller_may_try_again_but_not_without_end():
    loops = Loops(Clock())
    assert put_through(loops, 6) == [False] * 4 + [True] * 2


def test_other_callers_and_other_phones_are_not_meant():
    loops = Loops(Clock())
    put_through(loops, 6)
    assert not loops.goes_round("0913", BO)
    assert not loops.goes_round("0912", EVA)


def test_callers_who_are_not_known_are_many():
    loops = Loops(Clock())
    rounds = put_through(loops, 40, caller=None)
    assert rounds.index(True) == 30


def test_it_is_forgotten_in_a_while():
    clock = Clock()
    loops = Loops(clock)
    put_through(loops, 6)
    clock.now += 11
    assert not loops.goes_round("0912", BO)
