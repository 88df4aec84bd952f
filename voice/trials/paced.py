"""A line that goes no faster than people speak, for those who follow a replay."""

import asyncio
from collections.abc import AsyncIterator

from voice.phone.port import (
    FRAME_SECONDS,
    Arrival,
    Backlog,
    Line,
    Offer,
    Refusal,
    Ringing,
    Sound,
)


class PacedLine:
    """Gives what another line gives, a frame every 20 ms."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind what comes."""
        return self._line.backlog

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes, each frame when it would have come by telephone."""
        clock = asyncio.get_running_loop().time
        due = clock()
        async for arrival in self._line.arrivals():
            yield arrival
            if isinstance(arrival, Sound):
                due += FRAME_SECONDS
                await asyncio.sleep(due - clock())

    async def send(self, frame: bytes) -> None:
        """Send 20 ms."""
        await self._line.send(frame)

    async def transfer(self, number: str) -> bool:
        """Put the caller through."""
        return await self._line.transfer(number)

    async def hang_up(self) -> None:
        """End the call."""
        await self._line.hang_up()


class PacedRinging:
    """A call that goes on at the pace of speech once it is answered."""

    def __init__(self, ringing: Ringing) -> None:
        self._ringing = ringing

    @property
    def offer(self) -> Offer:
        """Who calls, and what."""
        return self._ringing.offer

    async def answer(self) -> Line:
        """Take the call."""
        return PacedLine(await self._ringing.answer())

    async def refuse(self, why: Refusal) -> None:
        """Do not take the call."""
        await self._ringing.refuse(why)
