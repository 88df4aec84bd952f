"""What a call has done for it outside the dialogue: changes, lookups, numbers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from voice.coupling.diaries import diary_of
from voice.dialogue.actions import (
    Action,
    Connect,
    Identify,
    Key,
    Look,
    LookUp,
    Obey,
    Transfer,
    Try,
)
from voice.dialogue.heard import (
    Found,
    Happened,
    Heard,
    Identified,
    NotIdentified,
    NotListed,
    Routed,
    Topic,
    Unclear,
)
from voice.divert.diary import Diary
from voice.divert.explained import Counted
from voice.divert.forecast import Span, coming_day, forecast, left_of_today
from voice.divert.model import Extension, Refused, Source, Standing
from voice.divert.routing import outlook, route
from voice.language.catalog import Catalog
from voice.language.keys import understand_keys
from voice.language.understand import Here
from voice.numbering import NumberPlan
from voice.obey import Door, Rehearsal
from voice.service import Service
from voice.store.port import UnknownExtensionError

Verify: TypeAlias = Callable[[Extension, str, datetime], Awaitable[bool]]
"""Tells whether a PIN is an extension's, at a time."""

Note: TypeAlias = Callable[[str, Heard, float | None], None]
"""Is told what was heard at a place, and with what score."""

IDENTIFIED = "identified"
"""How a transcript tells that a PIN has said who calls."""
NOBODY = Extension("")
"""Who calls while that is not known: no extension, so nothing can be changed on it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What an attendant needs to take calls."""

    catalog: Catalog
    door: Door
    red_days: frozenset[date]
    service: Service = Service()
    plan: NumberPlan = NumberPlan()
    verify: Verify | None = None
    """Without it, nobody can become known by a PIN."""
    note: Note | None = None
    preface: str | None = None
    """A prompt that is spoken before the first words of every call."""
    counted: Counted = Counted()
    """Which bookings the site lets divert."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the dialogue hears of an errand, and how the transcript tells it."""

    heard: Heard
    event: str | None = None


class Errands:
    """Runs the errands of one call, for the extension that it comes from."""

    def __init__(self, desk: Desk, extension: Extension = NOBODY) -> None:
        """Act for an extension; for nobody until a PIN says who calls."""
        self._desk, self._door = desk, desk.door
        self._rehearsal: Rehearsal | None = None
        self.extension = extension

    async def run(
        self, action: Action, here: Here, rehearsing: bool, keyed: bool
    ) -> Done | None:
        """Run an errand; None for what is only expressed."""
        if not rehearsing:
            self._rehearsal = None
        now = here.moment.now
        match action:
            case Obey(command):
                source = Source.KEYS if keyed else Source.VOICE
                by = getattr(command, "source", source)
                event = await self._door.obey(command, now, by)
                left = await self._door.standing(self.extension, now)
                return _happened(Happened(event, left))
            case Try(command):
                tried = (await self._tried()).attempt(command, now)
                return _happened(tried, "rehearsed: ")
            case Look(topic):
                return Done(await self._found(topic, rehearsing, now))
            case LookUp(extension):
                return Done(await self._routed(extension, now))
            case Identify(extension, pin):
                return await self._identified(extension, pin, now)
            case Key(keys):
                return self._keyed(keys, here)
            case _:
                return None

    def number(self, action: Transfer | Connect) -> str:
        """Return what the exchange is asked to dial: never what a caller said."""
        match action:
            case Transfer():
                return self._desk.service.operator
            case Connect(extension):
                return self._desk.service.ring_through.format(extension=extension)

    async def _found(self, topic: Topic, rehearsing: bool, now: datetime) -> Found:
        """Look up what stands, and of the caller's calendar what the topic is about."""
        diverts = (await self._standing(rehearsing)).diverts
        today, coming = left_of_today(now), coming_day(self._door.site, now)
        stands = outlook(diverts, now)
        match topic:
            case Topic.TODAY | Topic.TOMORROW:
                day = today if topic is Topic.TODAY else coming
                day_ahead = forecast(diverts, day, now)
                return Found(stands, day_ahead, await self._diary([day], now))
            case Topic.WHY:
                return Found(stands, diary=await self._diary([today, coming], now))
            case Topic.STATUS:
                return Found(stands, diary=await self._diary([], now))
            case _:
                return Found(stands)

    async def _diary(self, days: Sequence[Span], now: datetime) -> Diary | None:
        counted = self._desk.counted
        return await diary_of(self.extension, self._door, counted, days, now)

    async def _standing(self, rehearsing: bool) -> Standing:
        if rehearsing:
            return (await self._tried()).standing
        return await self._door.store.diverts.standing(self.extension)

    async def _tried(self) -> Rehearsal:
        if self._rehearsal is None:
            standing = await self._door.store.diverts.standing(self.extension)
            self._rehearsal = Rehearsal(standing, self._door.site)
        return self._rehearsal

    async def _routed(self, extension: Extension, now: datetime) -> Heard:
        store = self._door.store
        try:
            listing = await store.directory.find(extension)
        except UnknownExtensionError:
            return NotListed()
        standing = await store.diverts.standing(extension)
        where = route(standing.diverts, self._door.site, now)
        return Routed(extension, listing.name, where)

    async def _identified(self, extension: Extension, pin: str, now: datetime) -> Done:
        verify = self._desk.verify
        if verify is None or not await verify(extension, pin, now):
            return Done(NotIdentified(), "not identified")
        self.extension = extension
        return Done(Identified(), IDENTIFIED)

    def _keyed(self, keys: str, here: Here) -> Done:
        heard = understand_keys(keys, True, here, self._desk.catalog, self._door.site)
        return Done(Unclear() if heard is None else heard)


def _happened(happened: Happened, before: str = "") -> Done:
    match happened.event:
        case Refused(why):
            return Done(happened, f"refused: {why}")
        case event:
            return Done(happened, f"{before}{type(event).__name__}")
