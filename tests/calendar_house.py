"""A house whose people have calendars in memory, with a clock that is set by hand."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from voice.calendar_measures import CalendarMeasures
from voice.calendars.keys import entry_key
from voice.calendars.memory import MemoryCalendar
from voice.calendars.settings import CalendarSettings
from voice.coupling.following import Coupled, follow, resume
from voice.coupling.pace import paces
from voice.coupling.writing_back import settle
from voice.divert.model import (
    ClearDivert,
    Entry,
    Extension,
    Kind,
    Mark,
    Mode,
    Reason,
    ReasonCode,
    SetDivert,
    Site,
    Source,
    Until,
)
from voice.divert.routing import counting
from voice.obey import Door
from voice.store.links_port import Link, LinkKind
from voice.store.memory import memory_store
from voice.store.port import Listing, Store

NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ANNA, BO = Extension("1234"), Extension("2345")
SAM = Mark(ReasonCode("SAM"), Mode.CLOSED)
SITE = Site(
    {
        ReasonCode(code): Reason(ReasonCode(code), digit, kind, lasts)
        for code, digit, kind, lasts in (
            ("SAM", "3", Kind.CLOCK, HOUR),
            ("TJÄ", "2", Kind.CLOCK, 8 * HOUR),
            ("SEM", "6", Kind.DATE, Until.NEXT_WORKING_DAY),
        )
    }
)


def link_of(extension, kind=LinkKind.GOOGLE):
    """Return the link of somebody's calendar."""
    return Link(extension, kind, f"{extension}@example.org")


def meeting(name="a", start=NOW, end=NOW + HOUR, mark=SAM, **more):
    """Return a booking."""
    return Entry(entry_key(name), mark, start, end, **more)


@dataclass
class CalendarHouse:
    """Calendars, a store, and what brings them together."""

    store: Store = field(default_factory=memory_store)
    settings: CalendarSettings = CalendarSettings()
    now: datetime = NOW
    calendars: dict[Extension, MemoryCalendar] = field(default_factory=dict)
    measures: CalendarMeasures = field(default_factory=CalendarMeasures)
    opened: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self):
        self.paces = paces(self.settings.per_minute)

    @property
    def coupled(self):
        """What follows calendars and writes into them."""
        door = Door(self.store, SITE)
        return Coupled(
            *(door, self._open, self.settings, lambda: self.now),
            self.paces,
            self.measures,
        )

    @asynccontextmanager
    async def _open(self, link):
        self.opened += 1
        try:
            yield self.calendars[link.extension]
        finally:
            self.closed.set()

    async def until(self, condition):
        """Wait until something holds, looking after each use of a calendar."""
        async with asyncio.timeout(60):
            while not await condition():
                self.closed.clear()
                await self.closed.wait()

    async def couple(self, extension=ANNA, kind=LinkKind.GOOGLE):
        """Let a phone follow a calendar of its own, and return the calendar."""
        listing = Listing(extension, "Någon", coupled=True)
        await self.store.directory.put([listing], self.now, "test")
        await self.store.links.put(link_of(extension, kind), self.now, "test")
        return self.calendars.setdefault(extension, MemoryCalendar())

    async def linked(self, extension=ANNA):
        """Return a link as it is in the store."""
        links = {each.link.extension: each for each in await self.store.links.list()}
        return links[extension]

    async def follow(self, extension=ANNA):
        """Read a calendar once, and keep how it went."""
        linked = await self.linked(extension)
        followed = await follow(linked, self.coupled)
        await self.store.links.note({linked.link: followed.progress})
        return followed

    async def resume(self, extension=ANNA):
        """Do as a process does first."""
        await resume(extension, self.coupled)

    async def settle(self, extension=ANNA):
        """Write into a calendar what is to be written."""
        return await settle(await self.linked(extension), self.coupled, luck=0.5)

    async def says(self, command, by=Source.VOICE):
        """Obey a command as one who calls gives it."""
        return await self.coupled.door.obey(command, self.now, by)

    async def set(self, reason="SAM", until=None, extension=ANNA):
        """Set a divert by phone."""
        return await self.says(SetDivert(extension, ReasonCode(reason), until))

    async def clear(self, extension=ANNA):
        """Clear what stands, by phone."""
        return await self.says(ClearDivert(extension))

    async def standing(self, extension=ANNA):
        """Return the diverts that stand."""
        return (await self.store.diverts.standing(extension)).diverts

    async def is_closed(self, extension=ANNA):
        """Tell whether a phone is closed now."""
        return counting(await self.standing(extension), self.now) is not None
