"""The twin of an exchange: calls that a test or a replay places, each with its plan."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from voice.phone.memory import CallerStep, MemoryLine
from voice.phone.port import (
    CallGoneError,
    Condition,
    Line,
    Offer,
    Refusal,
    Ringing,
)


class MemoryRinging:
    """A call that waits to be answered or refused."""

    def __init__(self, offer: Offer, line: MemoryLine) -> None:
        self._offer, self._line = offer, line
        self._outcome: asyncio.Future[MemoryLine | Refusal | None] = (
            asyncio.get_running_loop().create_future()
        )

    @property
    def offer(self) -> Offer:
        """Who calls, and what."""
        return self._offer

    async def answer(self) -> Line:
        """Take the call; CallGoneError if the caller has left."""
        self.settle(self._line)
        if self._outcome.result() is not self._line:
            raise CallGoneError("The caller left before the call was answered.")
        return self._line

    async def refuse(self, why: Refusal) -> None:
        """Do not take the call; refusing one that is gone is not an error."""
        self.settle(why)

    def leave(self) -> None:
        """The caller gives up waiting."""
        self.settle(None)

    async def outcome(self) -> MemoryLine | Refusal | None:
        """Return the line, why it was refused, or None when the caller left."""
        return await self._outcome

    def settle(self, outcome: MemoryLine | Refusal | None) -> None:
        """Decide what becomes of the call; the first to decide does."""
        if not self._outcome.done():
            self._outcome.set_result(outcome)


class MemoryExchange:
    """An exchange that offers what it is told to."""

    def __init__(self) -> None:
        self._offers: asyncio.Queue[MemoryRinging | None] = asyncio.Queue()
        self._draining = False

    def ring(
        self, offer: Offer, plan: Sequence[CallerStep], transfers: bool = True
    ) -> MemoryRinging:
        """Offer a call whose caller follows the plan; whether it can be transferred."""
        ringing = MemoryRinging(offer, MemoryLine(plan, transfers))
        if self._draining:
            ringing.settle(Refusal.LEAVING)
        else:
            self._offers.put_nowait(ringing)
        return ringing

    async def offers(self) -> AsyncIterator[Ringing]:
        """Yield each call that comes, until the line is closed."""
        while (ringing := await self._offers.get()) is not None:
            yield ringing
        self._offers.put_nowait(None)

    @property
    def condition(self) -> Condition:
        """How the line is: there is nothing that could break."""
        return Condition(True, "Calls come from this program itself.")

    async def drain(self) -> None:
        """Refuse new calls from now on; those that stand go on."""
        self._draining = True
        while not self._offers.empty():
            if ringing := self._offers.get_nowait():
                ringing.settle(Refusal.LEAVING)

    def close(self) -> None:
        """Let nobody wait for offers any more."""
        self._offers.put_nowait(None)
