"""A SIP call seen from the house: offered, and then answered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias
from urllib.parse import quote

from voice.phone import wire
from voice.phone.inbox import Inbox
from voice.phone.port import (
    Arrival,
    Backlog,
    CallGoneError,
    HungUp,
    Line,
    Offer,
    Refusal,
)

# 2 s of sound, and more keys than any code has: what nobody takes is not kept.
_UNTAKEN_FRAMES = 100
_UNTAKEN_KEYS = 64

Tell: TypeAlias = Callable[[wire.Order], None]


class SipLine:
    """One answered call."""

    def __init__(self, number: int, exchange: str, tell: Tell) -> None:
        self._number, self._exchange, self._tell = number, exchange, tell
        self._inbox = Inbox(_UNTAKEN_FRAMES, _UNTAKEN_KEYS)
        self._over = False
        self._transferred: asyncio.Future[bool] | None = None

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind what comes."""
        return self._inbox.backlog

    def put(self, arrival: Arrival) -> None:
        """Take what has come from the caller."""
        match arrival:
            case _ if self._over:
                return
            case HungUp(lost):
                self._over = True
                asked = self._transferred is not None and not self._transferred.done()
                self.transferred(not lost)
                self._inbox.end(None if asked and not lost else arrival)
            case _:
                self._inbox.put(arrival)

    def transferred(self, done: bool) -> None:
        """Take the exchange's answer to a transfer."""
        if self._transferred and not self._transferred.done():
            self._transferred.set_result(done)

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes from the caller until the call ends."""
        async for arrival in self._inbox.arrivals():
            yield arrival

    async def send(self, frame: bytes) -> None:
        """Send 20 ms to the caller; to a call that has ended it is no error."""
        if not self._over:
            self._tell(wire.Sounds(((self._number, frame),)))

    async def transfer(self, number: str) -> bool:
        """Put the caller through to a number of the exchange.

        Also True when the call ends while it is asked: some exchanges say no more.
        """
        if self._over:
            return False
        self._transferred = asyncio.get_running_loop().create_future()
        uri = f"sip:{quote(number, safe='*+')}@{self._exchange}"
        self._tell(wire.Transfer(self._number, uri))
        done = await self._transferred
        if done:
            self._leave()
        return done

    async def hang_up(self) -> None:
        """End the call; ending it twice is not an error."""
        if not self._over:
            self._tell(wire.End(self._number))
            self._leave()

    def _leave(self) -> None:
        self._over = True
        self._inbox.end(None)


class SipRinging:
    """A call that waits to be answered or refused."""

    def __init__(self, offer: Offer, line: SipLine, answer: Callable[[], None]) -> None:
        self._offer, self._answer = offer, answer
        self.line = line
        self.answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @property
    def offer(self) -> Offer:
        """Who calls, and what."""
        return self._offer

    async def answer(self) -> Line:
        """Take the call, once sound can go both ways; CallGoneError if it is gone."""
        self._answer()
        try:
            well = await asyncio.shield(self.answered)
        except asyncio.CancelledError:
            # A call that nobody attends is not left standing.
            await self.line.hang_up()
            raise
        if not well:
            raise CallGoneError("The caller left before the call was answered.")
        return self.line

    async def refuse(self, why: Refusal) -> None:
        """Do not take the call; whatever the reason, the stack can only say busy."""
        await self.line.hang_up()

    def arrive(self, arrival: Arrival) -> None:
        """Take what has come from the caller, who may have given up waiting."""
        if isinstance(arrival, HungUp) and not self.answered.done():
            self.answered.set_result(False)
        self.line.put(arrival)
