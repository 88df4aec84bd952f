"""Telephones that call, speak and press keys as they are told, and note what they hear.

To measure a line from outside. The stack is one a process: let `place_calls` run in a
process of its own, once.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias

import baresip

from voice.phone.memory import HangsUp, Plays, Presses, Waits
from voice.phone.port import FRAME_BYTES
from voice.phone.workers import workers

# How finely times are told.
_LOOK_SECONDS = 0.01
# How long the attendant must have been quiet to have finished: longer than any pause
# within a prompt; and how long a caller waits for one who says nothing.
_FINISHED_SECONDS = 1.0
_WAITS_SECONDS = 12.0
_LONGEST_SECONDS = 120.0
_LOUD = 330  # of 32768: -40 dB
_HERE = "127.0.0.1"

# So many samples each way, whatever the network did: the times are those of the wire.
_STACK = """
sip_listen {here}:{port}
sip_transports udp
rtp_ports {low}-{high}
audio_jitter_buffer_type off
call_hold_other_calls no
"""


@dataclass(frozen=True, slots=True)
class Begins:
    """Wait until the attendant speaks, and do what is next over its voice."""


Step: TypeAlias = Plays | Presses | Waits | HangsUp | Begins


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls, so many seconds `after` the first, and what they do."""

    number: str
    steps: tuple[Step, ...]
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """Calls to a number: each at its time, or one when the other has ended."""

    callers: tuple[Caller, ...]
    to: str
    """A SIP URI."""
    port: int
    rtp: tuple[int, int]
    in_a_row: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a caller said, and how much of it had gone at which times."""

    pcm: bytes
    gone: tuple[tuple[float, int], ...]

    def gone_at(self, position: int) -> float:
        """Return when so many bytes had been sent: never, if the call ended before."""
        return next((at for at, gone in self.gone if gone >= position), math.inf)


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a call; all times are of one clock, in seconds."""

    number: str
    dialled: float
    answered: float | None = None
    hung_up: float | None = None
    """When the caller did; None when the other side did."""
    heard: bytes = b""
    heard_at: tuple[float, ...] = ()
    """When each 20 ms of it came."""
    spoken: tuple[Spoken, ...] = ()


def place_calls(load: Load) -> list[Placed]:
    """Place all calls, and tell what became of them in their order."""
    # What the stack writes holds numbers: none of it leaves this process.
    logging.getLogger("baresip").addHandler(logging.NullHandler())
    logging.getLogger("baresip").propagate = False
    return asyncio.run(_placed(load))


async def _placed(load: Load) -> list[Placed]:
    low, high = load.rtp
    stack = _STACK.format(here=_HERE, port=load.port, low=low, high=high)
    runtime = baresip.Runtime()
    await runtime.start(
        baresip.Config(
            net_interface=_HERE, max_concurrent_calls=None, extra_config_text=stack
        )
    )
    try:
        agents = {
            number: await baresip.UserAgent.create(runtime, _account(number))
            for number in {caller.number for caller in load.callers}
        }
        calls = [_call(agents[each.number], each, load) for each in load.callers]
        if load.in_a_row:
            return [await call for call in calls]
        return list(await asyncio.gather(*calls))
    finally:
        await runtime.close()


def _account(number: str) -> baresip.Account:
    return baresip.Account(number, _HERE, "", reg_interval=0, audio_codecs=("pcma",))


async def _call(agent: baresip.UserAgent, caller: Caller, load: Load) -> Placed:
    await asyncio.sleep(caller.after)
    dialled = monotonic()
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            call = await _answered(agent, load)
            if call is None:
                return Placed(caller.number, dialled)
            telephone = _Telephone(call, monotonic())
            await telephone.carry_out(caller.steps)
    except (baresip.BaresipError, TimeoutError):
        return Placed(caller.number, dialled)
    return telephone.told(caller.number, dialled)


async def _answered(agent: baresip.UserAgent, load: Load) -> baresip.Call | None:
    """Call; one who calls in a row calls again for as long as it is busy."""
    while True:
        call = await agent.dial(load.to)
        try:
            await call.wait_established()
            return call
        except baresip.CallBusy:
            if not load.in_a_row:
                return None
            await asyncio.sleep(_LOOK_SECONDS)


class _Telephone:
    """A call that has been answered."""

    def __init__(self, call: baresip.Call, answered: float) -> None:
        self._call, self._answered = call, answered
        self._heard = bytearray()
        self._heard_at: list[float] = []
        self._loud_at: float | None = None
        self._over_voice = False
        self._speech = _Speech(b"")
        self._spoken: list[_Speech] = []
        self._hung_up: float | None = None
        self._looked = asyncio.Condition()

    async def carry_out(self, steps: tuple[Step, ...]) -> None:
        """Do all steps, or as many as the other side waits for."""
        async with workers() as start:
            looking = start(self._look())
            doing = start(self._do(steps))
            await asyncio.wait((looking, doing), return_when=asyncio.FIRST_COMPLETED)

    def told(self, number: str, dialled: float) -> Placed:
        """Tell what became of it."""
        whole = len(self._heard_at) * FRAME_BYTES
        return Placed(
            number,
            dialled,
            self._answered,
            self._hung_up,
            bytes(self._heard[:whole]),
            tuple(self._heard_at),
            tuple(Spoken(each.pcm, tuple(each.gone)) for each in self._spoken),
        )

    async def _look(self) -> None:
        """Hear and speak, until the call is over."""
        while self._call.state is not baresip.CallState.CLOSED:
            # Before sound can go both ways, and after it has ended, there is none.
            with suppress(baresip.AudioNotActive, baresip.AudioRestarted):
                self._hear(monotonic())
                self._speak()
            async with self._looked:
                self._looked.notify_all()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with self._looked:
            await self._looked.wait_for(holds)

    def _hear(self, now: float) -> None:
        self._heard += self._call.audio.read(1 << 16)
        while len(self._heard) >= (len(self._heard_at) + 1) * FRAME_BYTES:
            at = len(self._heard_at) * FRAME_BYTES
            self._heard_at.append(now)
            if _is_loud(self._heard[at : at + FRAME_BYTES]):
                self._loud_at = now

    def _speak(self) -> None:
        speech = self._speech
        if speech.is_done:
            return
        rest = speech.pcm[speech.written :]
        speech.written += self._call.audio.write(rest) if rest else 0
        waits = self._call.audio.info().tx_buffered
        speech.gone.append((monotonic(), speech.written - waits))

    async def _do(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            if not isinstance(step, Begins | Waits):
                await self._until_finished(step)
            match step:
                case Begins():
                    await self._until(lambda: self._loud_at is not None)
                case Waits(seconds):
                    await asyncio.sleep(seconds)
                case Plays(pcm):
                    self._speech = _Speech(pcm)
                    self._spoken.append(self._speech)
                    await self._until(lambda: self._speech.is_done)
                case Presses(keys):
                    await self._call.send_dtmf(keys)
                case HangsUp():
                    self._hung_up = monotonic()
                    await self._call.hangup()
            self._over_voice = isinstance(step, Begins)
            self._loud_at = None

    async def _until_finished(self, step: Step) -> None:
        """Wait until the attendant has finished, unless it is to be interrupted."""
        over = isinstance(step, Plays) and step.over
        at_once = isinstance(step, HangsUp) and step.once
        if over or at_once or self._over_voice:
            return

        def has_finished() -> bool:
            since = self._loud_at
            return since is not None and monotonic() - since >= _FINISHED_SECONDS

        with suppress(TimeoutError):
            async with asyncio.timeout(_WAITS_SECONDS):
                await self._until(has_finished)


class _Speech:
    """What is said now, as far as it has gone."""

    def __init__(self, pcm: bytes) -> None:
        self.pcm, self.written = pcm, 0
        self.gone: list[tuple[float, int]] = []

    @property
    def is_done(self) -> bool:
        return not self.pcm or bool(self.gone and self.gone[-1][1] >= len(self.pcm))


def _is_loud(frame: bytearray) -> bool:
    with memoryview(frame).cast("h") as samples:
        return max(samples) > _LOUD
