"""What comes on a line in one call, kept in order while other work is done."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from voice.calls.speech import Speech
from voice.phone.port import (
    AHEAD_FRAMES,
    FRAME_SECONDS,
    Arrival,
    HungUp,
    Keyed,
    Line,
    Sound,
)
from voice.sound.echo import Echo
from voice.sound.endpoint import level_db

T = TypeVar("T")

# A line that brings nothing for so long is broken, whatever it says.
_DEAD_SECONDS = 5.0
# Work that takes longer is told of, again and again: nobody waits in dead air.
_LONG_FRAMES = 60
# While work is done, so much sound is kept to be heard after it: the newest.
_KEPT_FRAMES = 250
_SILENT_DB = -100.0


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms from the caller, and what was sent meanwhile."""

    pcm: bytes
    speaking: bool
    """The attendant was speaking."""
    own: bool
    """It is no more than the echo of the attendant."""


Coming: TypeAlias = Frame | Keyed | HungUp


class Arriving:
    """Takes what comes, and sends a frame of speech for each frame of sound.

    On a line that is `live`, time passes while work is done; on one that is played
    from files it does not, so that a replay is the same every time.
    """

    def __init__(self, line: Line, speech: Speech, live: bool) -> None:
        self._line, self._speech, self._live = line, speech, live
        self._arrivals = line.arrivals()
        self._echo = Echo()
        self._kept: deque[Coming] = deque()
        self._playing: deque[bytes] = deque()
        self._next: asyncio.Task[Arrival] | None = None
        self.frames = 0
        self.dropped = 0
        """Frames of sound that came during work, and were too many to be kept."""

    @property
    def seconds(self) -> float:
        """Seconds of the call so far."""
        return round(self.frames * FRAME_SECONDS, 2)

    async def take(self) -> Coming:
        """Return what comes next; HungUp once and for all when nothing will."""
        return self._kept.popleft() if self._kept else await self._come()

    async def meanwhile(
        self, work: Awaitable[T], tell: Callable[[], Awaitable[object]]
    ) -> T:
        """Do some work while the line goes on; `tell` when it takes long."""
        if not self._live:
            return await work
        doing = asyncio.ensure_future(work)
        quiet = 0
        try:
            while not (doing.done() or self._gone):
                waits = (doing, self._pending())
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                if not waits[1].done():
                    break
                coming = await self._come()
                self._keep(coming)
                spoken = isinstance(coming, Frame) and coming.speaking
                quiet = 0 if spoken else quiet + isinstance(coming, Frame)
                if quiet >= _LONG_FRAMES:
                    quiet = 0
                    await tell()
            # A caller who leaves does not stop what was begun.
            return await doing
        finally:
            # Only a call that is ended for them both does; the store keeps each change
            # whole by itself.
            doing.cancel()

    @property
    def _gone(self) -> bool:
        return bool(self._kept) and isinstance(self._kept[-1], HungUp)

    def _keep(self, coming: Coming) -> None:
        self._kept.append(coming)
        frames = [kept for kept in self._kept if isinstance(kept, Frame)]
        if len(frames) > _KEPT_FRAMES:
            self._kept.remove(frames[0])
            self.dropped += 1

    async def _come(self) -> Coming:
        match await self._arrived():
            case Sound(pcm):
                self.frames += 1
                return await self._answered(pcm)
            case other:
                return other

    async def _answered(self, pcm: bytes) -> Frame:
        await self._send()
        frame = self._playing.popleft() if self._playing else None
        sent = _SILENT_DB if frame is None else level_db(frame)
        return Frame(pcm, frame is not None, self._echo.is_own(sent, level_db(pcm)))

    async def _send(self) -> None:
        ahead = AHEAD_FRAMES if self._live else 0
        if ahead and not self._playing and self._line.backlog.waiting:
            # What has come is soon worked off: speech for all of it would come in one
            # piece, and be more than a line holds.
            return
        while len(self._playing) <= ahead and (frame := self._speech.next()):
            await self._line.send(frame)
            self._playing.append(frame)

    async def _arrived(self) -> Arrival:
        if not self._live:
            return await anext(self._arrivals, HungUp())
        # A task of its own for each frame would cost as much as what is done with it.
        coming = self._next or _next(self._arrivals)
        try:
            async with asyncio.timeout(_DEAD_SECONDS):
                arrival = await coming
        except TimeoutError:
            return HungUp(lost=True)
        self._next = None
        return arrival

    def _pending(self) -> "asyncio.Task[Arrival]":
        """Return the wait for the next arrival, which other work may interrupt."""
        if self._next is None:
            # An async generator that is cancelled while it waits would be over.
            self._next = asyncio.ensure_future(_next(self._arrivals))
        return self._next

    def close(self) -> None:
        """Wait for nothing more."""
        if self._next is not None:
            self._next.cancel()


async def _next(arrivals: AsyncIterator[Arrival]) -> Arrival:
    return await anext(arrivals, HungUp())
