"""One answered call in Asterisk: FastAGI steers it, AudioSocket carries its sound."""

import asyncio
import logging
from asyncio import Future, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from voice.phone.agi import Reply, dialable
from voice.phone.agi_session import AgiSession
from voice.phone.audio_frames import (
    HANG_UP,
    AudioReader,
    Joined,
    Message,
    SoundEnds,
    sound,
)
from voice.phone.beat import SILENCE, Beat, Even, Outgoing
from voice.phone.inbox import Inbox
from voice.phone.peers import Place
from voice.phone.port import Arrival, Backlog, CallGoneError, HungUp, Keyed, Sound

log = logging.getLogger(__name__)

_KEPT_FRAMES = 50
_KEPT_KEYS = 64
# What Asterisk does not take is not kept for longer: it would be heard too late.
_STALLED_BYTES = 16 * len(sound(SILENCE))
_PIECE = 4096
_CONNECT_SECONDS = 5.0
_PAUSE_SECONDS = 2.0
# Ringing has its limit in the dialplan; this is for one that has none.
_RINGING_SECONDS = 180.0


class AsteriskLine:
    """A call that was answered, from the first sound to the last."""

    def __init__(self, session: AgiSession, audio: Place, transfers: str) -> None:
        self._session, self._audio, self._transfers = session, audio, transfers
        self._inbox = Inbox(_KEPT_FRAMES, _KEPT_KEYS)
        self._even, self._outgoing = Even(), Outgoing()
        self._writer: StreamWriter | None = None
        self._joined, self._taken = _promise(), _promise()
        self._carried: Future[Reply] | None = None
        self._paused = True
        self._leaving = False
        self.over = False
        """Whether the call has ended."""
        self.id = uuid4()
        """Tells the call's connections from those of others."""

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind what comes."""
        return self._inbox.backlog

    # How sound comes and goes

    async def open(self) -> None:
        """Have Asterisk bring the sound; CallGoneError when it does not."""
        self._joined = _promise()
        arguments = f"{self.id},{self._audio}"
        self._carried = self._session.order("EXEC", "AudioSocket", arguments)
        await _either(self._carried, self._joined, _CONNECT_SECONDS)
        if self._writer is None:
            if not self._session.gone.is_set():
                log.warning(
                    "Asterisk brings no sound: load app_audiosocket.so, and let it "
                    "reach %s.",
                    self._audio,
                )
            self._end(None)
            raise CallGoneError("The call ended before its sound came.")
        self._paused = False

    async def carry(
        self, audio: AudioReader, reader: StreamReader, writer: StreamWriter
    ) -> None:
        """Take the sound of one connection until it ends."""
        if self.over or self._joined.done():
            return
        self._writer = writer
        self._joined.set_result(None)
        try:
            while piece := await reader.read(_PIECE):
                self._heard(audio.feed(piece))
        finally:
            self._let_go(writer)

    def _let_go(self, writer: StreamWriter | None) -> None:
        if writer is not None and self._writer is writer:
            self._writer = None
            writer.close()

    def _heard(self, messages: Iterable[Message]) -> None:
        for message in messages:
            match message:
                case Sound():
                    if self._even.came():
                        self._inbox.put(message)
                case Keyed():
                    self._inbox.put(message)
                case Joined() | SoundEnds():
                    pass  # the connection's end is what ends the sound

    async def pace(self) -> None:
        """Keep the call's clock until the call is over, answered or not."""
        loop = asyncio.get_running_loop()
        beat = Beat(loop.time())
        try:
            while not self.over:
                await asyncio.sleep(beat.wait(loop.time()))
                self._beat()
        finally:
            self._end(HungUp(lost=True))

    def _beat(self) -> None:
        if self._session.gone.is_set():
            self._end(HungUp(lost=not self._session.hung_up))
        elif not self._paused and self._carried and self._carried.done():
            self._sound_broke(self._carried.result())
        elif self._carried is not None:
            if self._even.beat() and not self._inbox.is_full:
                self._inbox.put(Sound(SILENCE))
            self._write(sound(self._outgoing.beat()))

    def _sound_broke(self, reply: Reply) -> None:
        # The caller's leaving ends the sound too, with a result of its own.
        self._session.order("HANGUP")
        self._end(HungUp(lost=reply.done))

    def _write(self, message: bytes) -> None:
        writer = self._writer
        if writer is None or writer.is_closing():
            return
        if writer.transport.get_write_buffer_size() < _STALLED_BYTES:
            writer.write(message)

    # What the house asks of any line

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes from the caller until the call ends."""
        async for arrival in self._inbox.arrivals():
            yield arrival

    async def send(self, frame: bytes) -> None:
        """Send 20 ms to the caller; to a call that has ended it is no error."""
        if not self.over:
            await self._outgoing.put(frame)

    async def transfer(self, number: str) -> bool:
        """Put the caller through to a number of the exchange."""
        if self.over:
            return False
        if not dialable(number):
            log.warning("A number cannot be put through to: it is no number.")
            return False
        await self._outgoing.played()
        try:
            await self._pause()
            if await self._put_through(number):
                self._end(None)
                return True
            await self.open()
        except CallGoneError:
            self._end(HungUp(lost=not self._session.hung_up))
        return False

    async def _put_through(self, number: str) -> bool:
        self._taken = _promise()
        going = self._session.order("GOSUB", self._transfers, number, "1", str(self.id))
        await _either(going, self._taken, _RINGING_SECONDS)
        if not going.done():
            return True  # they talk with each other, or Asterisk goes on ringing
        if not (await going).done:
            log.warning(
                "Asterisk puts nobody through: its context %s lacks the number.",
                self._transfers,
            )
            return False
        status = await self._session.ask("GET", "VARIABLE", "DIALSTATUS")
        return status.value == "ANSWER"

    def answered_elsewhere(self) -> None:
        """Say that whom the caller was put through to has answered."""
        if not self._taken.done():
            self._taken.set_result(None)

    async def hang_up(self) -> None:
        """End the call; ending it twice is not an error."""
        if self.over or self._leaving:
            return
        self._leaving = True
        try:
            await self._outgoing.played()
            with suppress(CallGoneError):
                await self._pause()
                await self._session.ask("HANGUP")
        finally:
            self._end(None)

    async def _pause(self) -> None:
        """End the sound, so that Asterisk takes commands again."""
        self._paused = True
        if self._writer is not None and self._carried is not None:
            self._writer.write(HANG_UP)
            # Closed before this is read, it would be as if the line had broken.
            await asyncio.wait((self._carried,), timeout=_PAUSE_SECONDS)
            self._let_go(self._writer)

    def _end(self, last: HungUp | None) -> None:
        if self.over:
            return
        self.over = True
        self._inbox.end(last)
        self._outgoing.end()
        self._session.close()
        self._let_go(self._writer)
        if dropped := self._even.dropped + self._inbox.dropped:
            log.warning("%s frames and keys were dropped in a call", dropped)


def _promise() -> Future[None]:
    return asyncio.get_running_loop().create_future()


async def _either(reply: Future[Reply], news: Future[None], seconds: float) -> None:
    both: tuple[Future[Any], ...] = (reply, news)
    await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
