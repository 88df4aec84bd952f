"""One call: a conversation to be read, what it changed, and what was misheard in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from voice.store.audit_port import AuditEntry
from voice.store.calls_port import Turn, Who
from voice.store.marks_port import Misheard
from voice.store.search_port import FoundCall
from voice.web.pages.calls import Head, Names, head
from voice.web.pages.course import Course, course
from voice.web.pages.outward import Discretion, Outward
from voice.web.pages.turns import Line, line

CORRECTED = "CallCorrected"
"""What the trail tells of something set right because of a call."""
AT_ONCE = 200
"""How many turns stand on one page."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of a call: some of its turns, marks, and what it changed."""

    found: FoundCall
    first: int
    """Which of the call's turns is the first of these."""
    turns: tuple[Turn, ...]
    marks: tuple[Misheard, ...] = ()
    entries: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn on the page of its call."""

    line: Line
    mark: Misheard | None = None

    @property
    def can_be_marked(self) -> bool:
        """Tell whether it is something heard, which can have been heard wrongly."""
        return can_be_marked(self.line.who, self.line.text)


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that was made in the call, or afterwards because of it."""

    at: datetime
    event: str
    gone: tuple[Outward, ...]
    new: tuple[Outward, ...]
    by: str
    """Who set it right afterwards; nothing for what the caller did."""


@dataclass(frozen=True, slots=True)
class CallPage:
    """What the page shows."""

    head: Head
    turns: int
    spoken: tuple[Spoken, ...]
    course: Course
    changed: tuple[Changed, ...]
    earlier: str
    later: str

    @property
    def is_going_on(self) -> bool:
        """Tell whether more may be said."""
        return not self.head.length

    @property
    def last(self) -> int:
        """The number of the last turn shown, as people count them."""
        return self.spoken[-1].line.number + 1 if self.spoken else 0


def call_page(read: Read, names: Names, seen: Discretion) -> CallPage:
    """Return the page of a call, from one of its turns on."""
    turns = enumerate(read.turns, read.first)
    lines = [line(turn, number, seen) for number, turn in turns]
    marked: Mapping[int, Misheard] = {mark.turn: mark for mark in read.marks}
    top, after = head(read.found.call, names), read.first + len(lines)
    before = max(0, read.first - AT_ONCE)
    return CallPage(
        head=top,
        turns=read.found.turns,
        spoken=tuple(Spoken(each, marked.get(each.number)) for each in lines),
        course=course(lines),
        changed=changes(read.entries, seen),
        earlier=f"{top.path}?tur={before + 1}" if read.first else "",
        later=f"{top.path}?tur={after + 1}" if after < read.found.turns else "",
    )


def can_be_marked(who: Who, text: str) -> bool:
    """Tell whether a turn is something heard, which can have been heard wrongly."""
    return who is Who.CALLER and bool(text)


def changes(entries: Sequence[AuditEntry], seen: Discretion) -> tuple[Changed, ...]:
    """Return changes as they are read, the first one first."""
    ordered = sorted(entries, key=lambda entry: entry.at)
    return tuple(
        Changed(
            at=entry.at,
            event=(entry.detail if _is_correction(entry) else entry.event).lower(),
            gone=seen.without(entry.before, entry.after),
            new=seen.without(entry.after, entry.before),
            by=entry.by if _is_correction(entry) else "",
        )
        for entry in ordered
    )


def _is_correction(entry: AuditEntry) -> bool:
    return entry.event == CORRECTED
