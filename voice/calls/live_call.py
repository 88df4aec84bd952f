"""One call from a real line, from its offer to its end, written down as it goes."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from voice.calls.answering import Begun, Kind, begin
from voice.calls.attendant import Attendant, Sentence
from voice.calls.caller import LineCaller
from voice.calls.errands import IDENTIFIED, NOBODY
from voice.calls.loops import Loops
from voice.calls.measured import MeasuredLine
from voice.calls.recording import recorded
from voice.config import RecordingSettings
from voice.divert.model import Extension
from voice.errors import VoiceError, where
from voice.house import House
from voice.measures import Measures
from voice.phone.port import Line, Offer, Refusal, Ringing
from voice.store.port import Call, CallId, Turn, Who

log = logging.getLogger(__name__)

# A call has its own limit; one that goes on so much longer is stuck in something else.
_STUCK_SECONDS = 60.0
_APOLOGY_SECONDS = 10.0
_FAILED = "something_failed"


@dataclass(frozen=True, slots=True)
class Office:
    """What is the same for all calls that are going on."""

    house: Callable[[], House]
    """The house as it is now: calls that go on keep the one they began with."""
    measures: Measures
    recording: RecordingSettings
    now: Callable[[], datetime]
    loops: Loops = field(default_factory=lambda: Loops(time.monotonic))
    lines: set[Line] = field(default_factory=set)
    """Those of the calls that are going on."""
    live: bool = True
    """Whether lines go on whatever we do: those that play from files do not."""


async def take_call(ringing: Ringing, call: CallId, office: Office) -> None:
    """Take one call; CallGoneError when it is gone before it is answered."""
    offered = asyncio.get_running_loop().time()
    house = office.house()
    desk = house.desk
    try:
        begun = await begin(ringing.offer, desk.service, desk.plan, desk.door.store)
    except VoiceError as error:
        log.error("a call is not taken: %s", error)
        begun = Refusal.BUSY
    if isinstance(begun, Begun) and _goes_round(ringing.offer, begun, office):
        begun = Refusal.BUSY
    if isinstance(begun, Refusal):
        await ringing.refuse(begun)
        return
    taken = _Taken(await ringing.answer(), begun, house, office)
    try:
        await taken.run(call, offered)
        if taken.was_put_through:
            office.loops.note(ringing.offer.caller, Extension(begun.place))
    finally:
        await taken.end()


def _goes_round(offer: Offer, begun: Begun, office: Office) -> bool:
    """Tell whether the exchange sends back what is put through."""
    extension = Extension(begun.place)
    goes_round = begun.kind is Kind.RECEPTION and office.loops.goes_round(
        offer.caller, extension
    )
    if goes_round:
        log.error(
            "the exchange sends back a call that was put through: "
            "set [service] ring_through to what rings the phone itself"
        )
    return goes_round


class _Taken:
    """A call that has been answered."""

    def __init__(self, line: Line, begun: Begun, house: House, office: Office) -> None:
        self._line, self._begun = line, begun
        self._house, self._office = house, office
        self._transcripts = house.desk.door.store.transcripts
        self._call: CallId | None = None
        self._outcome = "broken_off"
        self._attendant = Attendant(
            house.desk, begun.caller, office.now(), self._record
        )
        self._measured: MeasuredLine | None = None
        office.measures.call_began(begun.kind.value)
        office.lines.add(line)

    @property
    def was_put_through(self) -> bool:
        """Whether a call to an extension was put through to it, past its diverts."""
        service = self._house.desk.service
        rings = service.ring_through.format(extension=self._begun.place)
        is_reception = self._begun.kind is Kind.RECEPTION
        return is_reception and self._attendant.through == rings

    async def run(self, call: CallId, offered: float) -> None:
        """Write down and attend."""
        measures, clock = self._office.measures, asyncio.get_running_loop().time
        async with recorded(self._line, call, self._office.recording) as taped:
            self._measured = MeasuredLine(taped, measures, clock, offered)
            understanding = self._house.understanding
            caller = LineCaller(self._measured, understanding, self._office.live)
            try:
                async with asyncio.timeout(understanding.waiting.call + _STUCK_SECONDS):
                    await caller.meanwhile(self._begin(call))
                    turn = self._begun.turn
                    self._outcome = await self._attendant.attend(caller, turn)
            except Exception as error:
                # Whatever broke, the caller is told, and other calls are not harmed.
                log.error("the call broke: %s", where(error))
                self._outcome = "failed"
                await self._apologise(caller)
            finally:
                caller.close()
                measures.dropped_sound(caller.dropped)

    async def _begin(self, number: CallId) -> None:
        caller = self._begun.caller
        known = None if caller == NOBODY else caller
        call = Call(number, self._begun.place, known, self._office.now())
        await self._transcripts.begin(call)
        self._call = number

    async def _record(self, turn: Turn) -> None:
        assert self._call is not None, "the transcript has begun"
        if turn.who is Who.CALLER and turn.score is not None and self._measured:
            self._measured.was_understood()
        await self._transcripts.add(self._call, turn)
        if turn.event == IDENTIFIED:
            await self._transcripts.identify(self._call, self._attendant.extension)

    async def _apologise(self, caller: LineCaller) -> None:
        text = self._house.desk.catalog.prompts[_FAILED]
        with suppress(VoiceError, TimeoutError):
            async with asyncio.timeout(_APOLOGY_SECONDS):
                await caller.say(Sentence(text, _FAILED))
                await caller.hang_up()

    async def end(self) -> None:
        """Free the line, and write how it ended."""
        self._office.lines.discard(self._line)
        try:
            await self._line.hang_up()
        finally:
            self._office.measures.call_ended(self._begun.kind.value, self._outcome)
            log.info("ended: %s", self._outcome)
            await self._write_end()

    async def _write_end(self) -> None:
        if self._call is None:
            return
        try:
            ended = self._office.now()
            await self._transcripts.end(self._call, self._outcome, ended)
        except VoiceError as error:
            log.error("the end of a call is not in its transcript: %s", error)
