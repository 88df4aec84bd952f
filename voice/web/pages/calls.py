"""Samtal: the calls that go on, and those found among all that have ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from voice.divert.model import Extension
from voice.store.calls_port import Call, CallId, Turn
from voice.store.search_port import CallsFound, FoundCall
from voice.web.pages.calls_asked import Asked
from voice.web.pages.outward import Discretion
from voice.web.pages.turns import Line, clock, line

Names = Mapping[Extension, str]
LATEST = 6
"""How many of the last turns a list of calls going on shows of each."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is said of a call wherever it is shown."""

    id: CallId
    path: str
    place: str
    caller: str
    name: str
    """Who has the extension; nothing where nobody is known by it."""
    began: datetime
    length: str
    """How long it lasted; nothing while it goes on."""
    outcome: str


@dataclass(frozen=True, slots=True)
class Row:
    """One call in a list, and how well its caller was understood."""

    head: Head
    turns: int
    doubtful: int
    missed: int
    worst: float | None
    marked: int


@dataclass(frozen=True, slots=True)
class Going:
    """A call that goes on, and what was said in it last."""

    head: Head
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CallsPage:
    """What the page shows."""

    going: tuple[Going, ...]
    rows: tuple[Row, ...]
    asked: Asked
    first: str
    """Where the newest are, when these are not they."""
    older: str


def calls_page(
    found: CallsFound, going: Sequence[Going], asked: Asked, names: Names
) -> CallsPage:
    """Return the page of some calls."""
    older = asked.address(found.calls[-1].call.id) if found.more else ""
    return CallsPage(
        going=tuple(going),
        rows=tuple(_row(each, names) for each in found.calls),
        asked=asked,
        first=asked.address(None) if asked.after else "",
        older=older,
    )


def head(call: Call, names: Names) -> Head:
    """Return what is said of a call."""
    name = names.get(call.caller, "") if call.caller else ""
    return Head(
        id=call.id,
        path=path_of(call.id),
        place=call.place,
        caller=call.caller or "",
        name=name,
        began=call.began,
        length=clock((call.ended - call.began).total_seconds()) if call.ended else "",
        outcome=call.outcome or "",
    )


def path_of(call: CallId) -> str:
    """Return where a call is shown, whatever its id is made of."""
    return f"/samtal/{quote(call, safe='')}"


def going(
    call: Call, turns: Sequence[Turn], first: int, names: Names, seen: Discretion
) -> Going:
    """Return a call that goes on, with its last turns from `first` on."""
    lines = tuple(line(turn, nth, seen) for nth, turn in enumerate(turns, first))
    return Going(head(call, names), lines[-LATEST:])


def callers(calls: Sequence[Call]) -> frozenset[Extension]:
    """Return everybody who called."""
    return frozenset(call.caller for call in calls if call.caller)


def _row(found: FoundCall, names: Names) -> Row:
    return Row(
        head=head(found.call, names),
        turns=found.turns,
        doubtful=found.doubtful,
        missed=found.missed,
        worst=found.worst,
        marked=found.marked,
    )
