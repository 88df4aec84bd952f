"""One person in Internkatalog, and for operators what stands and can be set right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Divert, Mode, Standing
from voice.divert.plausible import Oddity, oddities
from voice.divert.routing import standing
from voice.store.audit_port import AuditEntry
from voice.store.directory_port import Listing
from voice.store.links_port import Linked, Progress
from voice.web.pages.directory import Eyes, State
from voice.web.pages.noted import Hand, Note, hand, notes
from voice.web.pages.outward import Discretion, Outward
from voice.web.pages.seals import change_seal, seal

LATEST = 10
"""How many of the latest changes are shown."""


@dataclass(frozen=True, slots=True)
class Stands:
    """A divert that stands, as an operator sees it."""

    reason: str
    start: datetime
    until: datetime | None
    holds: bool
    is_closed: bool
    source: str
    set_at: datetime
    odd: tuple[Oddity, ...]
    seal: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change there has been: when, what, by which mouth or whose hand, and how."""

    at: datetime
    event: str
    by: Hand
    notes: tuple[Note, ...]
    gone: tuple[Outward, ...]
    new: tuple[Outward, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operator sees of somebody's phone, and works with."""

    stands: tuple[Stands, ...]
    change: str
    """The seal of the last change, by which a form tells what it was made for."""
    can_undo: bool
    reasons: tuple[tuple[str, str], ...]
    is_followed: bool
    """Whether the phone follows a calendar."""
    calendar: Progress | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ColleaguePage:
    """What the page shows; `desk` to operators alone."""

    listing: Listing
    path: str
    state: State
    desk: Desk | None


def desk(
    stands: Standing,
    links: Iterable[Linked],
    changes: Sequence[AuditEntry],
    eyes: Eyes,
) -> Desk:
    """Return what an operator works with."""
    followed = [each for each in links if each.coupled]
    last, seen = stands.last, eyes.discretion
    there = sorted(standing(stands.diverts, eyes.now), key=lambda each: each.start)
    return Desk(
        stands=tuple(_stands(divert, eyes) for divert in there),
        change=change_seal(stands),
        can_undo=last is not None and eyes.now - last.at <= eyes.site.undo_for,
        reasons=tuple(
            (code, wording.label) for code, wording in eyes.catalog.wordings.items()
        ),
        is_followed=bool(followed),
        calendar=followed[0].progress if followed else None,
        changes=tuple(_change(each, seen) for each in changes),
    )


def _stands(divert: Divert, eyes: Eyes) -> Stands:
    return Stands(
        reason=eyes.why(divert),
        start=divert.start,
        until=divert.until,
        holds=divert.holds(eyes.now),
        is_closed=divert.mode is Mode.CLOSED,
        source=divert.source.value,
        set_at=divert.set_at,
        odd=oddities(divert, eyes.site, eyes.now),
        seal=seal(divert),
    )


def _change(entry: AuditEntry, seen: Discretion) -> Change:
    return Change(
        at=entry.at,
        event=entry.event,
        by=hand(entry.by),
        notes=notes(entry),
        gone=seen.without(entry.before, entry.after),
        new=seen.without(entry.after, entry.before),
    )
