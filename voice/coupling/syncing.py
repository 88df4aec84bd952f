"""Keeps every coupled phone and its owner's calendar alike, for as long as it runs."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from hmac import compare_digest

from voice.coupling.following import Coupled, Followed, follow, let_go, resume
from voice.coupling.person import Person, again, is_replaced, polled
from voice.coupling.rounds import Rounds
from voice.coupling.situation import outcome, situation
from voice.coupling.trail import Trail
from voice.coupling.watching import Watches
from voice.coupling.writing_back import settle, withdraw
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.store.links_port import Link, Linked, Progress
from voice.store.port import LeaseLostError, UnknownExtensionError

log = logging.getLogger(__name__)

# A burst of calls about one calendar becomes one reading.
_BURST_SECONDS = 0.3
_LOOKS_SECONDS = 2.0
_SEEN_SECONDS = 5.0
_NOTES_SECONDS = 5.0
_ALL_SECONDS = 600.0


class NotFollowingError(VoiceError):
    """Calendars are not followed here, or not yet: nobody can be believed."""


class Sync:
    """Reads calendars as they are due or change, and writes into them what is set."""

    def __init__(self, coupled: Coupled, seconds: float = _LOOKS_SECONDS) -> None:
        """Look into the store for what has changed there every few `seconds`."""
        self._coupled, self._seconds = coupled, seconds
        self._people: dict[Extension, Person] = {}
        self._released: set[Extension] = set()
        self._notes: dict[Link, Progress] = {}
        self._trail = Trail(coupled.door.store.audit)
        self._has_looked = False
        # Whose calendar our bookings are yet to leave.
        self._leaving: dict[Extension, Linked] = {}
        self._watches = Watches(coupled)
        at_once = coupled.settings.at_once
        self._reading = Rounds("a calendar's reading", self._read, at_once)
        self._writing = Rounds("a calendar's booking", self._write, at_once)

    async def run(self) -> None:
        """Go on until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._reading.run())
                group.create_task(self._writing.run())
                group.create_task(self._every(_NOTES_SECONDS, self._flush))
                group.create_task(self._every(_ALL_SECONDS, self._write_all))
                await self._every(self._seconds, self.look)
        finally:
            # Whoever follows them next begins where we were.
            with suppress(VoiceError):
                await self._flush()

    async def once(self) -> tuple[Linked, ...]:
        """Read every coupled calendar once, and write what is to be written."""
        await self.look()
        people = list(self._people)
        room = asyncio.Semaphore(self._coupled.settings.at_once)

        async def one(extension: Extension) -> None:
            async with room:
                await self._read(extension)
                await self._write(extension)

        async with asyncio.TaskGroup() as group:
            for extension in people:
                group.create_task(one(extension))
        await self._flush()
        return tuple(self._people[each].linked for each in people)

    def wake(self, extension: Extension) -> None:
        """Read a calendar soon: something in it has changed."""
        if extension in self._people:
            self._reading.ask(extension, _BURST_SECONDS)

    def linked(self) -> tuple[Linked, ...]:
        """Return whose calendars are followed, and how that goes."""
        return tuple(person.linked for person in self._people.values())

    def called(
        self, id: str, token: str, resource: str | None = None, ending: bool = False
    ) -> bool:
        """Believe a calendar that calls, if it is one that promised to; read it soon.

        When its promise is `ending`, it is asked for another one. Whoever follows
        nobody yet raises NotFollowingError: all must be called again.
        """
        if not self._has_looked:
            raise NotFollowingError("Calendars are not followed yet: call again.")
        for extension, person in self._people.items():
            watching = person.linked.progress.watching
            if watching is None or watching.id != id:
                continue
            if not compare_digest(watching.token.encode(), _plain(token)):
                return False
            if resource not in (None, watching.resource):
                return False
            if ending:
                self._end_watch(person)
            person.called_at = person.called_at or time.monotonic()
            self.wake(extension)
            return True
        return False

    def _end_watch(self, person: Person) -> None:
        progress = replace(person.linked.progress, watching=None)
        person.linked = replace(person.linked, progress=progress)

    async def look(self) -> None:
        """Take note of who is coupled, and whose diverts have changed."""
        found = {each.link.extension: each for each in await self._links()}
        for extension in self._people.keys() - found.keys():
            self._let_leave(self._people[extension].linked)
            await self._release(extension)
        for extension, linked in found.items():
            if not linked.coupled:
                self._let_leave(linked)
                await self._release(extension)
            elif self._is_new(linked):
                self._take(linked)
        self._has_looked = True
        self._count()
        for extension in await self._trail.changed():
            if extension in self._people:
                self._writing.ask(extension)
                # What is written must be seen before its owner can be seen to touch it.
                self._reading.ask(extension, _SEEN_SECONDS)

    async def _links(self) -> tuple[Linked, ...]:
        return await self._coupled.door.store.links.list()

    def _is_new(self, linked: Linked) -> bool:
        person = self._people.get(linked.link.extension)
        return person is None or is_replaced(person, linked)

    def _take(self, linked: Linked) -> None:
        extension = linked.link.extension
        before = self._people.get(extension)
        self._people[extension] = Person(linked)
        self._released.discard(extension)
        self._leaving.pop(extension, None)
        if before is not None and before.linked.link != linked.link:
            self._leaving[extension] = before.linked
        # It may have called while nobody heard, so that its promise is no excuse.
        due = polled(linked.link.kind, self._coupled.settings) * random.random()
        # Who was never read is read at once; the others as they come.
        self._reading.ask(extension, due if linked.progress.read_at else 0.0)
        self._writing.ask(extension)

    def _drop(self, extension: Extension) -> None:
        self._people.pop(extension, None)
        self._reading.forget(extension)

    def _let_leave(self, linked: Linked) -> None:
        """Have our bookings leave a calendar that is followed no more."""
        extension = linked.link.extension
        if extension not in self._released:
            self._leaving[extension] = linked
            self._writing.ask(extension)

    async def _release(self, extension: Extension) -> None:
        """Let a phone go that is not to follow its calendar."""
        if extension not in self._released:
            self._drop(extension)
            await self._let_go(extension)
            self._released.add(extension)

    async def _let_go(self, extension: Extension) -> None:
        # Who has left the directory has taken the diverts along.
        with suppress(UnknownExtensionError):
            await let_go(extension, self._coupled)

    async def _read(self, extension: Extension) -> float | None:
        person = self._people.get(extension)
        if person is None:
            return None
        linked = person.linked
        if not person.is_resumed and linked.progress.read_at is not None:
            await resume(extension, self._coupled)
        person.is_resumed = True
        followed = await self._followed(person)
        # It may have called meanwhile, to say that it will call no more.
        watching = person.linked.progress.watching
        progress = replace(followed.progress, watching=watching)
        if followed.error is None:
            progress = await self._watches.renewed(linked.link, progress)
        if self._people.get(extension) is not person:
            if extension not in self._people:
                await self._let_go(extension)
            return None
        person.linked = replace(linked, progress=progress)
        if not followed.is_kept or progress != followed.progress:
            self._notes[linked.link] = progress
        if followed.is_to_write:
            self._writing.ask(extension)
        person.failed(followed)
        now, settings = self._coupled.now(), self._coupled.settings
        return again(person, followed, settings, now, random.random())

    async def _followed(self, person: Person) -> Followed:
        """Read a calendar when it is its turn."""
        kind, measures = person.linked.link.kind, self._coupled.measures
        async with self._coupled.paces[kind].turn():
            called_at, person.called_at = person.called_at, None
            followed = await follow(person.linked, self._coupled)
        measures.read(kind, outcome(followed.error))
        if followed.error is not None:
            person.called_at = called_at
        elif called_at is not None and followed.is_kept:
            measures.pushed(time.monotonic() - called_at)
        return followed

    async def _write(self, extension: Extension) -> float | None:
        leaving = self._leaving.get(extension)
        if leaving is not None:
            left = await withdraw(leaving, self._coupled)
            if left is not None:
                log.warning("ours may be left in a calendar: %s", left.why)
            self._leaving.pop(extension, None)
        person = self._people.get(extension)
        if person is None:
            return None
        seconds = await settle(person.linked, self._coupled, random.random())
        person.is_unwritten = seconds is not None
        return seconds

    async def _write_all(self) -> None:
        """Look at every booking of ours: days pass, and diverts end by themselves."""
        for extension in await self._coupled.door.store.bookings.unsettled():
            if extension in self._people:
                self._writing.ask(extension)

    def _count(self) -> None:
        unwritten = sum(person.is_unwritten for person in self._people.values())
        counted = situation(self.linked(), unwritten, self._coupled.now())
        self._coupled.measures.note(counted)

    async def _flush(self) -> None:
        notes, self._notes = self._notes, {}
        try:
            await self._coupled.door.store.links.note(notes)
        except VoiceError:
            self._notes = notes | self._notes
            raise

    async def _every(
        self, seconds: float, chore: Callable[[], Awaitable[None]]
    ) -> None:
        while True:
            try:
                await chore()
            except LeaseLostError:
                raise
            except VoiceError as error:
                log.warning("calendars: %s; it is tried again", error)
            await asyncio.sleep(seconds)


def _plain(token: str) -> bytes:
    # Whoever calls can send what no text holds.
    return token.encode("utf-8", "surrogatepass")
