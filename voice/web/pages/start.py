"""Min startsida: what stands on somebody's phone, why, until when, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from voice.divert.diary import Diary
from voice.divert.forecast import Forecast, Stretch, coming_day, forecast, left_of_today
from voice.divert.model import (
    ChangeUndone,
    Divert,
    Mode,
    Site,
    Source,
    Standing,
    UndoChange,
)
from voice.divert.routing import Announce, counting, opens, route, standing
from voice.divert.rules import decide
from voice.divert.walltime import at
from voice.language.catalog import Catalog
from voice.language.prompts import speaker
from voice.language.times import Moment
from voice.store.port import Listing
from voice.web.pages.seals import change_seal, holding_seal, seal
from voice.web.pages.wishes import LENGTHS, MORE

# More in a list is more than anybody reads.
_MOST = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A divert as its owner sees it."""

    reason: str
    code: str
    start: datetime
    until: datetime | None
    is_closed: bool
    source: str
    set_at: datetime
    seal: str


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last change by a person, which can still be taken back."""

    at: datetime
    until: datetime
    gone: tuple[Shown, ...]
    restored: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a day; it began before where it has no start, and so with its end."""

    reason: str
    is_closed: bool
    start: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day to come, or what is left of today, and when the phone is not just open."""

    at: datetime
    is_today: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class StandingNow:
    """What stands on a phone, seen from an instant."""

    now: Shown | None
    also: tuple[Shown, ...]
    """What holds too, but does not count."""
    coming: tuple[Shown, ...]
    more: int
    """How many more are to come than are shown."""
    opens: datetime | None
    """When the phone opens by itself; None where it never does, or is open."""
    heard: str
    """What a caller is told, in the language of the telephone; nothing if it rings."""
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class StartPage:
    """What the page shows."""

    name: str
    extension: str
    stands: StandingNow
    change: str
    """The seal of the last change, by which a form tells what it was made for."""
    holding: str
    """The seal of all that holds now."""
    changed_at: datetime | None
    undo: Undoable | None
    diary: Diary | None
    is_by_calendar: bool
    """Whether anything that is shown is as old as the reading of the calendar."""
    reasons: tuple[tuple[str, str], ...]
    lengths: tuple[str, ...] = LENGTHS
    more: tuple[str, ...] = MORE
    most: int = _MOST


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody, what stands on their phone, and what their calendar tells them."""

    listing: Listing
    standing: Standing
    diary: Diary | None = None


def start_page(owner: Owner, catalog: Catalog, site: Site, now: datetime) -> StartPage:
    """Return the page of one who is in the directory."""
    stands = standing_now(owner.listing.name, owner.standing, catalog, site, now)
    told = filter(None, (stands.now, *stands.also, *stands.coming))
    return StartPage(
        name=owner.listing.name,
        extension=owner.listing.extension,
        stands=stands,
        change=change_seal(owner.standing),
        changed_at=owner.standing.last.at if owner.standing.last else None,
        holding=holding_seal(owner.standing.diverts, now),
        undo=_undoable(owner, catalog, site, now),
        diary=owner.diary,
        is_by_calendar=any(each.source == Source.CALENDAR for each in told),
        reasons=tuple((code, each.label) for code, each in catalog.wordings.items()),
    )


def standing_now(
    name: str, stands: Standing, catalog: Catalog, site: Site, now: datetime
) -> StandingNow:
    """Return what stands on the phone of somebody with a name."""
    counts, living = counting(stands.diverts, now), standing(stands.diverts, now)
    is_closed = counts is not None and counts.mode is Mode.CLOSED
    ahead = sorted(
        (divert for divert in living if divert.start > now), key=attrgetter("start")
    )
    spans = left_of_today(now), coming_day(site, now)
    return StandingNow(
        now=shown(counts, catalog) if counts else None,
        also=_shown([d for d in living if d.holds(now) and d != counts], catalog),
        coming=_shown(ahead[:_MOST], catalog),
        more=len(ahead[_MOST:]),
        opens=opens(stands.diverts, now, site.chain_gap) if is_closed else None,
        heard=_heard(name, stands.diverts, catalog, site, now),
        days=tuple(
            _day(forecast(stands.diverts, span, now), catalog) for span in spans
        ),
    )


def shown(divert: Divert, catalog: Catalog) -> Shown:
    """Return a divert as its owner sees it; a reason no longer known by its code."""
    wording = catalog.wordings.get(divert.reason)
    return Shown(
        reason=wording.label if wording else divert.reason,
        code=divert.reason,
        start=divert.start,
        until=divert.until,
        is_closed=divert.mode is Mode.CLOSED,
        source=divert.source.value,
        set_at=divert.set_at,
        seal=seal(divert),
    )


def _shown(diverts: Sequence[Divert], catalog: Catalog) -> tuple[Shown, ...]:
    return tuple(shown(divert, catalog) for divert in diverts)


def _undoable(
    owner: Owner, catalog: Catalog, site: Site, now: datetime
) -> Undoable | None:
    last, command = owner.standing.last, UndoChange(owner.listing.extension)
    match decide(command, owner.standing, site, now):
        case ChangeUndone(gone, restored) if last is not None:
            until = last.at + site.undo_for
            return Undoable(
                last.at, until, _shown(gone, catalog), _shown(restored, catalog)
            )
        case _:
            return None


def _heard(
    name: str, diverts: Sequence[Divert], catalog: Catalog, site: Site, now: datetime
) -> str:
    match route(diverts, site, now):
        case Announce() as away:
            moment = Moment(now, site.red_days, catalog.parts)
            return speaker(catalog, moment).announced(name, away)
        case _:
            return ""


def _day(ahead: Forecast, catalog: Catalog) -> Day:
    parts = tuple(_part(each, catalog) for each in ahead.stretches)
    return Day(at(ahead.day), ahead.is_today, parts)


def _part(stretch: Stretch, catalog: Catalog) -> Part:
    each = shown(stretch.divert, catalog)
    return Part(each.reason, each.is_closed, stretch.start, stretch.until)
