"""All calls of all lines: taken up to a limit, kept apart, and let end."""

import asyncio
import logging
import re
from collections.abc import Sequence
from contextvars import ContextVar
from uuid import uuid4

from voice.calls.live_call import Office, take_call
from voice.errors import where
from voice.phone.port import CallGoneError, Exchange, Refusal, Ringing
from voice.store.port import CallId

# What an exchange calls a call can be anything; the log holds no more than this.
_UNFIT, _LONGEST_ID = re.compile(r"[^\w.@:+-]"), 64

log = logging.getLogger(__name__)

CALL: ContextVar[str] = ContextVar("call", default="-")
"""The call that is worked on, for every line of the log."""


class Switchboard:
    """Takes every call that is offered, up to a limit."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._standing: set[asyncio.Task[None]] = set()
        self._exchanges: Sequence[Exchange] = ()
        self._drained = asyncio.Event()
        self._is_leaving = False

    @property
    def standing(self) -> int:
        """How many calls are being taken."""
        return len(self._standing)

    async def serve(self, exchanges: Sequence[Exchange]) -> None:
        """Take the calls of some lines, until it has been drained."""
        self._exchanges = exchanges
        async with asyncio.TaskGroup() as group:
            takes = [group.create_task(self._take(e, group)) for e in exchanges]
            await self._drained.wait()
            for task in (*takes, *self._standing):
                task.cancel()

    async def drain(self, seconds: float) -> None:
        """Take no new calls, let those that stand end, and break off what is left."""
        self._is_leaving = True
        for exchange in self._exchanges:
            await exchange.drain()
        if self._standing:
            log.info("%d calls stand, and have %g s to end", self.standing, seconds)
            await asyncio.wait(self._standing, timeout=seconds)
        self._drained.set()

    async def _take(self, exchange: Exchange, group: asyncio.TaskGroup) -> None:
        async for ringing in exchange.offers():
            if self._is_leaving:
                await ringing.refuse(Refusal.LEAVING)
            elif self.standing >= self._office.house().desk.service.calls:
                log.warning(
                    "a call is refused: %d stand, as many as may", self.standing
                )
                await ringing.refuse(Refusal.BUSY)
            else:
                task = group.create_task(self._kept_apart(ringing))
                self._standing.add(task)
                task.add_done_callback(self._standing.discard)

    async def _kept_apart(self, ringing: Ringing) -> None:
        """Let no call take another with it, whatever becomes of it."""
        call = CallId(uuid4().hex[:12])
        CALL.set(call)
        log.info("offered as %s", _UNFIT.sub("_", ringing.offer.id)[:_LONGEST_ID])
        try:
            await take_call(ringing, call, self._office)
        except CallGoneError:
            log.info("gone before it was answered")
        except Exception as error:
            log.error("the call broke: %s", where(error))


class WithCall(logging.Filter):
    """Puts the call's id on every line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Give the line the call that it is about."""
        record.call = CALL.get()
        return True
