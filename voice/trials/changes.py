"""What people do in their calendars, and how soon their phones follow."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from voice.divert.model import Source
from voice.store.port import Store
from voice.trials.coupled import Owner
from voice.trials.hosts import Booking
from voice.trials.trial import TrialError

_LENGTH, _LONGER = timedelta(hours=1), timedelta(minutes=30)
_LOOKS_SECONDS = 0.01
_LOST_SECONDS = 120.0
# So many people change something before the first of them does so again.
_FEW, _DOINGS = 10, 3


class Hand:
    """One who makes a booking with a code, moves its end, removes it, and so on."""

    def __init__(self, owner: Owner, store: Store) -> None:
        self._owner, self._store = owner, store
        self._name = ""
        self._booking: Booking | None = None
        self._one_at_a_time = asyncio.Lock()

    async def change(self) -> float:
        """Do the next thing; return how many seconds later the store has the divert."""
        async with self._one_at_a_time:
            before, began = self._booking, time.monotonic()
            await self._do()
            await self._until(before, self._booking)
            return time.monotonic() - began

    async def _do(self) -> None:
        host, address, booking = self._owner.host, self._owner.address, self._booking
        if booking is None:
            start = datetime.now(UTC).replace(second=0, microsecond=0)
            self._booking = Booking("SAM: möte", start, start + _LENGTH)
            self._name = await host.book(address, self._booking)
        elif booking.end - booking.start == _LENGTH:
            end = booking.end + _LONGER
            self._booking = Booking(booking.subject, booking.start, end)
            await host.move(address, self._name, self._booking)
        else:
            self._booking = None
            await host.remove(address, self._name)

    async def _until(self, before: Booking | None, after: Booking | None) -> None:
        try:
            async with asyncio.timeout(_LOST_SECONDS):
                while True:
                    if await self._stands(before, after):
                        return
                    await asyncio.sleep(_LOOKS_SECONDS)
        except TimeoutError:
            raise TrialError(
                "A change in a calendar did not reach the phone in two minutes."
            ) from None

    async def _stands(self, before: Booking | None, after: Booking | None) -> bool:
        diverts = (await self._store.diverts.standing(self._owner.extension)).diverts
        ends = {each.until for each in diverts if each.source is Source.CALENDAR}
        is_gone = before is None or before.end not in ends
        return is_gone and (after is None or after.end in ends)


async def in_turn(hands: Sequence[Hand], several: int, apart: float) -> list[float]:
    """Let so many changes begin one after the other; return how long each took."""
    few = min(_FEW, len(hands))

    async def one(nth: int) -> float:
        await asyncio.sleep(nth * apart)
        # A few people do all that there is to do, and then the next few.
        turn = nth // (_DOINGS * few) * few + nth % few
        return await hands[turn % len(hands)].change()

    return list(await asyncio.gather(*map(one, range(several))))
