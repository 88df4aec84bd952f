"""A SIP line: baresip in a process of its own, watched and started again."""

import asyncio
import contextlib
import logging
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from functools import partial

from voice.phone import sip_setup, wire
from voice.phone.port import (
    Arrival,
    Condition,
    Exchange,
    HungUp,
    Keyed,
    Offer,
    Refusal,
    Ringing,
    Sound,
)
from voice.phone.settings import SipSettings
from voice.phone.sip_line import SipLine, SipRinging
from voice.phone.workers import workers

log = logging.getLogger(__name__)

_PROGRAM = "voice.phone.sip_process"
_START_SECONDS = 15.0
_END_SECONDS = 8.0
# How soon a line that has ended is started again, each time it ends anew; one that
# has stood for a while begins from the first.
_AGAIN_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_STOOD_SECONDS = 30.0
# A process that says nothing for so long hangs.
_SILENCE_SECONDS = 10.0
# Nor is sound kept for a process that does not take it: 1 s of 40 calls.
_UNREAD_BYTES = 650_000


class SipExchange:
    """The line process seen from the house."""

    def __init__(self, settings: SipSettings) -> None:
        self._settings = settings
        self._offers: asyncio.Queue[SipRinging | None] = asyncio.Queue()
        self._calls: dict[int, SipRinging] = {}
        self._process: asyncio.StreamWriter | None = None
        self._frames: list[tuple[int, bytes]] = []
        self._condition = Condition(False, "The line is being started.")
        self._draining = False
        self.pid: int | None = None
        self._changed = asyncio.Event()

    async def offers(self) -> AsyncIterator[Ringing]:
        """Yield each call that comes, until the line is closed."""
        while (ringing := await self._offers.get()) is not None:
            yield ringing
        self._offers.put_nowait(None)

    @property
    def condition(self) -> Condition:
        """How the line is now."""
        return self._condition

    async def changed(self) -> None:
        """Wait until the line's condition is another."""
        self._changed.clear()
        await self._changed.wait()

    async def drain(self) -> None:
        """Refuse new calls from now on; those that stand go on."""
        self._draining = True
        while not self._offers.empty():
            if ringing := self._offers.get_nowait():
                await ringing.refuse(Refusal.LEAVING)

    async def keep(self) -> None:
        """Keep the line process running, until cancelled."""
        loop = asyncio.get_running_loop()
        pauses = iter(_AGAIN_SECONDS)
        while True:
            began = loop.time()
            try:
                await self._serve()
            except (EOFError, OSError, TimeoutError) as error:
                log.debug("line process ended: %s", type(error).__name__)
                self._lose()
            if loop.time() - began > _STOOD_SECONDS:
                pauses = iter(_AGAIN_SECONDS)
            await asyncio.sleep(next(pauses, _AGAIN_SECONDS[-1]))

    async def _serve(self) -> None:
        async with _running() as (self.pid, reports, orders):
            self._process = orders
            self._tell(wire.Open(self._settings))
            while True:
                async with asyncio.timeout(_SILENCE_SECONDS):
                    report = await wire.read(reports)
                self._take(report)

    def _lose(self) -> None:
        """End what the process took with it."""
        self._process = None
        calls, self._calls = self._calls, {}
        for ringing in calls.values():
            ringing.arrive(HungUp(lost=True))
        if self._condition.ready:
            self._become(wire.How(False, "The line has ended and is started again."))

    def close(self) -> None:
        """End the calls that stand, and let nobody wait for others."""
        self._offers.put_nowait(None)
        for ringing in tuple(self._calls.values()):
            ringing.arrive(HungUp(lost=True))

    def _tell(self, order: wire.Order) -> None:
        if isinstance(order, wire.Sounds):
            # All calls answer their frames at once: one message is enough for them.
            if not self._frames:
                asyncio.get_running_loop().call_soon(self._say)
            self._frames += order.frames
        else:
            self._say()
            self._write(order)

    def _say(self) -> None:
        if self._frames:
            self._write(wire.Sounds(tuple(self._frames)))
            self._frames.clear()

    def _write(self, order: wire.Order) -> None:
        process = self._process
        if process is None or process.is_closing():
            return
        unread = process.transport.get_write_buffer_size()
        if unread < _UNREAD_BYTES or not isinstance(order, wire.Sounds):
            process.write(wire.pack(order))

    def _take(self, report: wire.Message) -> None:
        match report:
            case wire.Sounds(frames):
                for number, pcm in frames:
                    self._arrive(number, Sound(pcm))
            case wire.Pressed(number, key):
                self._arrive(number, Keyed(key))
            case wire.Ended(number):
                self._arrive(number, HungUp())
                self._calls.pop(number, None)
            case wire.Offered(number, offer):
                self._ring(number, offer)
            case wire.Answered(number) if ringing := self._calls.get(number):
                if not ringing.answered.done():
                    ringing.answered.set_result(True)
            case wire.Transferred(number, done) if ringing := self._calls.get(number):
                ringing.line.transferred(done)
            case wire.How():
                self._become(report)

    def _arrive(self, number: int, arrival: Arrival) -> None:
        if ringing := self._calls.get(number):
            ringing.arrive(arrival)

    def _ring(self, number: int, offer: Offer) -> None:
        if self._draining:
            self._tell(wire.End(number))
            return
        line = SipLine(number, self._settings.exchange, self._tell)
        answer = partial(self._tell, wire.Answer(number))
        self._calls[number] = SipRinging(offer, line, answer)
        self._offers.put_nowait(self._calls[number])

    def _become(self, how: wire.How) -> None:
        before, self._condition = self._condition, Condition(how.ready, how.detail)
        if self._condition != before:
            log.log(logging.INFO if how.ready else logging.WARNING, "%s", how.detail)
        self._changed.set()


@contextlib.asynccontextmanager
async def _running() -> AsyncIterator[
    tuple[int, asyncio.StreamReader, asyncio.StreamWriter]
]:
    """Start the line process; end it in good order, or by force."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _PROGRAM, str(theirs.fileno())),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            pass_fds=(theirs.fileno(),),
            # It is ours to end: not by a key at the terminal.
            start_new_session=True,
        )
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        yield process.pid, reader, writer
    finally:
        with contextlib.suppress(OSError, TimeoutError):
            writer.write(wire.pack(wire.Close()))
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        writer.close()


@contextlib.asynccontextmanager
async def open_sip(settings: SipSettings) -> AsyncIterator[Exchange]:
    """Open a SIP line, and keep it open; LineError for settings that cannot work.

    What can mend itself (a taken port, an exchange that is away) is its `condition`.
    """
    sip_setup.check(settings)
    exchange = SipExchange(settings)
    async with workers() as start:
        start(exchange.keep())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_START_SECONDS):
                await exchange.changed()
        try:
            yield exchange
        finally:
            exchange.close()
