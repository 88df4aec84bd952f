"""One call from a real line, from its offer to its end, written down as it goes."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from voice.answering import Begun, Kind, begin
from voice.attendant import Attendant, Sentence
from voice.caller import LineCaller
from voice.config import RecordingSettings
from voice.dialogue.actions import Say
from voice.dialogue.states import Turn as Opened
from voice.divert.model import Extension
from voice.errands import NOBODY
from voice.errors import VoiceError
from voice.house import House
from voice.loops import Loops
from voice.measured import MeasuredLine
from voice.measures import Measures
from voice.phone.port import Line, Offer, Refusal, Ringing
from voice.recording import recorded
from voice.store.port import Call, CallId, Turn, Who

log = logging.getLogger(__name__)

# A call has its own limit; one that goes on so much longer is stuck in something else.
_STUCK_SECONDS = 60.0
_APOLOGY_SECONDS = 10.0
_FAILED = "something_failed"
_RECORDED = "call_is_recorded"


@dataclass(frozen=True, slots=True)
class Office:
    """What is the same for all calls that are going on."""

    house: Callable[[], House]
    """The house as it is now: calls that go on keep the one they began with."""
    measures: Measures
    recording: RecordingSettings
    now: Callable[[], datetime]
    loops: Loops = field(default_factory=lambda: Loops(time.monotonic))
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
    finally:
        await taken.end()


def _goes_round(offer: Offer, begun: Begun, office: Office) -> bool:
    """Tell whether the exchange sends back what is put through, and note this call."""
    if begun.kind is not Kind.RECEPTION:
        return False
    extension = Extension(begun.place)
    if office.loops.goes_round(offer.caller, extension):
        log.error(
            "the exchange sends back a call that was put through: "
            "set [service] ring_through to what rings the phone itself"
        )
        return True
    office.loops.note(offer.caller, extension)
    return False


class _Taken:
    """A call that has been answered."""

    def __init__(self, line: Line, begun: Begun, house: House, office: Office) -> None:
        self._line, self._begun = line, begun
        self._house, self._office = house, office
        self._transcripts = house.desk.door.store.transcripts
        self._call: CallId | None = None
        self._outcome = "broken_off"
        office.measures.call_began(begun.kind.value)

    async def run(self, number: CallId, offered: float) -> None:
        """Write down and attend."""
        caller = self._begun.caller
        began = self._office.now()
        call = Call(
            number, self._begun.place, None if caller == NOBODY else caller, began
        )
        await self._transcripts.begin(call)
        self._call = number
        clock = asyncio.get_running_loop().time
        async with recorded(self._line, number, self._office.recording) as taped:
            measured = MeasuredLine(taped, self._office.measures, clock, offered)
            self._outcome = await self._attended(measured, began)

    async def _attended(self, line: MeasuredLine, began: datetime) -> str:
        async def record(turn: Turn) -> None:
            if turn.who is Who.CALLER and turn.score is not None:
                line.was_understood()
            assert self._call is not None, "the transcript has begun"
            await self._transcripts.add(self._call, turn)

        house = self._house
        attendant = Attendant(house.desk, self._begun.caller, began, record)
        caller = LineCaller(line, house.understanding, self._office.live)
        limit = house.understanding.waiting.call + _STUCK_SECONDS
        try:
            async with asyncio.timeout(limit):
                return await attendant.attend(caller, self._opening)
        except Exception as error:
            # Whatever broke, the caller is told, and other calls are not harmed. The
            # kind alone is logged: a fault's own text can hold what somebody said.
            log.error("the call broke: %s", where(error))
            await self._apologise(caller)
            return "failed"
        finally:
            caller.close()
            self._office.measures.dropped_sound(caller.dropped)

    @property
    def _opening(self) -> Opened:
        """How the call begins; a caller whose voice is kept is told so first."""
        state, actions = self._begun.turn
        kept = (Say(_RECORDED),) if self._office.recording.days else ()
        return state, (*kept, *actions)

    async def _apologise(self, caller: LineCaller) -> None:
        text = self._house.desk.catalog.prompts[_FAILED]
        with suppress(VoiceError, TimeoutError):
            async with asyncio.timeout(_APOLOGY_SECONDS):
                await caller.say(Sentence(text, _FAILED))
                await caller.hang_up()

    async def end(self) -> None:
        """Free the line, and write how it ended."""
        await self._line.hang_up()
        self._office.measures.call_ended(self._begun.kind.value, self._outcome)
        log.info("ended: %s", self._outcome)
        if self._call is None:
            return
        try:
            ended = self._office.now()
            await self._transcripts.end(self._call, self._outcome, ended)
        except VoiceError as error:
            log.error("the end of a call is not in its transcript: %s", error)


def where(error: BaseException) -> str:
    """Name a fault by its kind and where it was raised, without its own words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = "" if trace is None else f" at {trace.tb_frame.f_code.co_qualname}"
    line = "" if trace is None else f":{trace.tb_lineno}"
    return f"{type(error).__name__}{at}{line}"
