"""The line process: the SIP stack, in a process of its own so that it can die alone."""

import asyncio
import contextlib
import itertools
import socket
import sys
from dataclasses import dataclass, field

import baresip

from voice.phone import sip_headers, sip_setup, sip_trace, wire
from voice.phone.peers import Trusted
from voice.phone.port import FRAME_SECONDS, LineError, Offer
from voice.phone.settings import Encryption, SipSettings
from voice.phone.sip_keys import Keys
from voice.phone.sip_sound import CallSound, Depths
from voice.phone.sip_trace import Invite
from voice.phone.workers import workers

_LOOK_SECONDS = 0.01
_ANSWER_SECONDS = 8.0
_TRANSFER_SECONDS = 40.0
_END_SECONDS = 2.0
# A tick that is later than this is not made up for: the machine has slept.
_LATE_SECONDS = 1.0
# Sound that the house does not take is not kept for it: 1 s of 40 calls.
_UNREAD_BYTES = 650_000
_ALIVE_TICKS = 50
_RETRY_SECONDS = (1, 2, 4, 8, 15, 30)


class _Streams:
    """The sound of a call as the stack has it."""

    def __init__(self, audio: baresip.CallAudio) -> None:
        self._audio = audio

    def depths(self) -> Depths | None:
        try:
            info = self._audio.info()
        except baresip.AudioNotActive:
            return None
        if not (info.tx_ready and info.rx_ready):
            return None
        return Depths(info.rx_sample_rate, info.tx_sample_rate, info.tx_buffered)

    def take(self, most: int) -> bytes:
        # A call on hold has no sound, and one that is taken up again has a new one.
        with contextlib.suppress(baresip.AudioNotActive, baresip.AudioRestarted):
            pcm: bytes = self._audio.read(most)
            return pcm
        return b""

    def give(self, pcm: bytes) -> None:
        with contextlib.suppress(baresip.AudioNotActive, baresip.AudioRestarted):
            self._audio.write(pcm)


@dataclass(slots=True)
class _Call:
    """A call that is offered or answered."""

    number: int
    call: baresip.Call
    streams: _Streams
    sound: CallSound
    answered: bool = False
    over: bool = False
    keys: Keys = field(default_factory=Keys)


class _Line:
    """The stack and its calls."""

    def __init__(self, settings: SipSettings, house: asyncio.StreamWriter) -> None:
        self._settings, self._house = settings, house
        self._trusted = Trusted(settings.trusted)
        self._trace = sip_trace.follow()
        self._runtime = baresip.Runtime()
        self._numbers = itertools.count(1)
        self._calls: dict[int, _Call] = {}
        self._unregistered = asyncio.Event()
        self._agent: baresip.UserAgent | None = None

    async def run(self, orders: asyncio.StreamReader) -> None:
        """Answer calls until the house says to end, or ends."""
        await self._runtime.start(
            baresip.Config(
                net_interface=sip_setup.interface(self._settings),
                max_concurrent_calls=self._settings.calls,
                expose_headers=("To",),
                sip_trace=True,
                extra_config_text=sip_setup.stack(self._settings),
            )
        )
        try:
            async with workers() as self._start:
                self._agent = await baresip.UserAgent.create(
                    self._runtime, _account(self._settings)
                )
                self._agent.on_incoming(self._incoming)
                self._agent.on(self._registration_changed)
                self._start(self._tick())
                self._start(self._stay_reachable(self._agent))
                with contextlib.suppress(EOFError, OSError):
                    while (order := await wire.read(orders)) != wire.Close():
                        self._obey(order)
                await self._end_all()
        finally:
            await self._runtime.close()

    def _tell(self, report: wire.Report) -> None:
        self._house.write(wire.pack(report))

    async def _stay_reachable(self, agent: baresip.UserAgent) -> None:
        where = f"{self._settings.transport} {self._settings.listen}"
        registration = self._settings.registration
        if registration is None:
            self._tell(wire.How(True, f"Listens for calls on {where}."))
            return
        failed = 0
        while True:
            self._unregistered.clear()
            try:
                await agent.register()
            except baresip.BaresipError as error:
                status = getattr(error, "status", None)
                told = sip_setup.unregistered(registration.registrar, status)
                self._tell(wire.How(False, told))
                await asyncio.sleep(
                    _RETRY_SECONDS[min(failed, len(_RETRY_SECONDS) - 1)]
                )
                failed += 1
            else:
                failed = 0
                self._tell(wire.How(True, f"Registered at {registration.registrar}."))
                await self._unregistered.wait()

    def _registration_changed(self, event: baresip.StackEvent) -> None:
        if event.event is baresip.Event.REGISTER_FAIL:
            self._unregistered.set()

    def _incoming(self, call: baresip.Call) -> None:
        streams = _Streams(call.audio)
        ours = _Call(next(self._numbers), call, streams, CallSound(streams))
        self._calls[ours.number] = ours

        def happened(event: baresip.StackEvent) -> None:
            self._happened(ours, event)

        call.on(happened)
        self._start(self._offer(ours))

    async def _offer(self, ours: _Call) -> None:
        invite = await self._trace.began(ours.call.call_id or "")
        required = self._settings.encryption is Encryption.REQUIRED
        if invite.request.lacks_keys if invite else required:
            # 488 is meant; the stack can only say busy, or answer without secrecy.
            await self._end(ours)
        elif not ours.over:
            self._tell(wire.Offered(ours.number, self._told(ours.call, invite)))

    def _told(self, call: baresip.Call, invite: Invite | None) -> Offer:
        own = self._settings.registration
        if invite is not None:
            return invite.offer(self._trusted, own.user if own else None)
        # Where nothing tells where a call came from, nobody's word is taken.
        dialled = sip_headers.user(call.headers.get("To", ""))
        return Offer(call.call_id or "", dialled)

    def _happened(self, ours: _Call, event: baresip.StackEvent) -> None:
        now = asyncio.get_running_loop().time()
        match event.event:
            case baresip.Event.CALL_DTMF_START if event.text:
                if ours.keys.begins(event.text, now):
                    self._tell(wire.Pressed(ours.number, event.text))
            case baresip.Event.CALL_DTMF_END:
                ours.keys.ends(now)
            case baresip.Event.CALL_CLOSED:
                ours.over = True
                if self._calls.pop(ours.number, None) is not None:
                    self._tell(wire.Ended(ours.number))

    def _obey(self, order: wire.Message) -> None:
        match order:
            case wire.Sounds(frames):
                for number, pcm in frames:
                    if ours := self._calls.get(number):
                        ours.sound.say(pcm)
            case wire.Answer(number) if ours := self._calls.get(number):
                self._start(self._answer(ours))
            case wire.End(number) if ours := self._calls.get(number):
                self._start(self._end(ours))
            case wire.Transfer(number, uri) if ours := self._calls.get(number):
                self._start(self._transfer(ours, uri))

    async def _answer(self, ours: _Call) -> None:
        # With `video` the stack is content with what was agreed; without, it makes a
        # needless new offer that costs 120 ms of speech.
        try:
            await ours.call.answer(video=True)
            async with asyncio.timeout(_ANSWER_SECONDS):
                while ours.streams.depths() is None:
                    if ours.over:
                        return
                    await asyncio.sleep(_LOOK_SECONDS)
        except (baresip.BaresipError, TimeoutError):
            # The end of the call is told to the house as any other.
            await self._end(ours)
            return
        ours.answered = True
        self._tell(wire.Answered(ours.number))

    async def _end(self, ours: _Call) -> None:
        with contextlib.suppress(baresip.BaresipError):
            await (ours.call.hangup() if ours.answered else ours.call.reject())

    async def _transfer(self, ours: _Call, uri: str) -> None:
        done = True
        try:
            await ours.call.transfer(uri, timeout=_TRANSFER_SECONDS)
        except (baresip.BaresipError, ValueError):
            # An exchange that has taken the caller over may end the call unasked.
            done = ours.over
        self._tell(wire.Transferred(ours.number, done))

    async def _end_all(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                for ours in tuple(self._calls.values()):
                    await self._end(ours)
                if self._agent and self._settings.registration:
                    with contextlib.suppress(baresip.BaresipError):
                        await self._agent.unregister()

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        for count in itertools.count():
            due = max(due + FRAME_SECONDS, loop.time() - _LATE_SECONDS)
            await asyncio.sleep(max(0.0, due - loop.time()))
            frames = tuple(
                (ours.number, frame)
                for ours in self._calls.values()
                if ours.answered
                for frame in ours.sound.tick()
            )
            unread = self._house.transport.get_write_buffer_size()
            # Now and then the house is told, also without calls, that all is well.
            if (frames or count % _ALIVE_TICKS == 0) and unread < _UNREAD_BYTES:
                self._tell(wire.Sounds(frames))


def _account(settings: SipSettings) -> str:
    own = settings.registration
    account = baresip.Account(
        own.user if own else "telefonist",
        own.registrar if own else settings.exchange,
        own.password if own else "",
        reg_interval=own.seconds if own else 0,
        transport=settings.transport.value,
        audio_codecs=sip_setup.codecs(settings),
        extra_params=sip_setup.parameters(settings),
    )
    # An account that is said to go by UDP is not found for what comes by TCP.
    return account.aor().replace(";transport=udp>", ">", 1)


async def _main(connection: socket.socket) -> None:
    orders, house = await asyncio.open_connection(sock=connection)
    match await wire.read(orders):
        case wire.Open(settings):
            try:
                sip_setup.try_to_listen(settings)
                await _Line(settings, house).run(orders)
            except (LineError, baresip.BaresipError) as error:
                why = error if isinstance(error, LineError) else "The SIP stack fails."
                house.write(wire.pack(wire.How(False, f"{why} It is tried again.")))
                await house.drain()
    house.close()


if __name__ == "__main__":
    asyncio.run(_main(socket.socket(fileno=int(sys.argv[1]))))
