"""A line to an Asterisk in front: FastAGI tells of calls, AudioSocket carries sound."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TypeAlias
from uuid import UUID

from voice.errors import VoiceError
from voice.phone.agi import LONGEST_LINE, AgiError, Request, offer
from voice.phone.agi_session import AgiSession, greet, sound_place
from voice.phone.asterisk_line import AsteriskLine
from voice.phone.audio_frames import ID_BYTES, AudioError, AudioReader, Joined
from voice.phone.peers import Place, Trusted, read_place
from voice.phone.port import (
    CallGoneError,
    Condition,
    LineError,
    Offer,
    Refusal,
    Ringing,
    Route,
    Where,
)
from voice.phone.settings import AsteriskSettings
from voice.phone.workers import Start, workers

log = logging.getLogger(__name__)

# A telephone must ring soon, whatever the store is doing.
_ROUTE_SECONDS = 2.0
_JOIN_SECONDS = 5.0
# Causes of Q.850: what Asterisk's Hangup tells the caller's exchange.
_CAUSES = {Refusal.BUSY: 17, Refusal.UNKNOWN: 1, Refusal.LEAVING: 42}

_Serve: TypeAlias = Callable[[StreamReader, StreamWriter], Awaitable[None]]
_Connected: TypeAlias = Callable[[StreamReader, StreamWriter], None]


class AsteriskRinging:
    """A call that an Asterisk would have answered."""

    def __init__(self, call: Offer, session: AgiSession, line: AsteriskLine) -> None:
        self._offer, self._session, self._line = call, session, line

    @property
    def offer(self) -> Offer:
        """Who calls, and what."""
        return self._offer

    async def answer(self) -> AsteriskLine:
        """Take the call, once sound can go both ways; CallGoneError if it is gone."""
        if not (await self._session.ask("ANSWER")).done:
            self._session.close()
            raise CallGoneError("The call ended before it was answered.")
        await self._line.open()
        return self._line

    async def refuse(self, why: Refusal) -> None:
        """Leave the call to the dialplan, which is told why."""
        with suppress(CallGoneError):
            await _set(self._session, "TELEFONIST", why)
            await _set(self._session, "TELEFONIST_CAUSE", str(_CAUSES[why]))
        self._session.close()


class AsteriskExchange:
    """The Asterisk that calls come from."""

    def __init__(self, settings: AsteriskSettings, route: Route, start: Start) -> None:
        self._settings, self._route, self._start = settings, route, start
        self.agi, self.audio = read_place(settings.agi), read_place(settings.audio)
        """Where calls and their sound are waited for."""
        self._trusted = Trusted(settings.trusted)
        self._offered: asyncio.Queue[Ringing | None] = asyncio.Queue()
        self._lines: dict[UUID, AsteriskLine] = {}
        self._draining = False

    # What the house asks of any exchange

    async def offers(self) -> AsyncIterator[Ringing]:
        """Yield each call that comes, until the line is closed."""
        while (ringing := await self._offered.get()) is not None:
            yield ringing

    @property
    def condition(self) -> Condition:
        """How the line is now."""
        if self._draining:
            return Condition(False, "Asterisk's new calls are refused.")
        places = f"{self.agi} for calls and at {self.audio} for sound"
        return Condition(True, f"Asterisk is waited for at {places}.")

    async def drain(self) -> None:
        """Refuse new calls from now on; those that stand go on."""
        self._draining = True

    # What Asterisk asks of us

    async def listen(self, opened: AsyncExitStack) -> None:
        """Listen at both places."""
        calls, sounds = self._guarded(self._asked), self._guarded(self._sounding)
        self.agi = await _listening(opened, "agi", self.agi, calls)
        self.audio = await _listening(opened, "audio", self.audio, sounds)

    def close(self) -> None:
        """Offer nothing more."""
        self._offered.put_nowait(None)

    def _guarded(self, serve: _Serve) -> _Connected:
        async def served(reader: StreamReader, writer: StreamWriter) -> None:
            try:
                await serve(reader, writer)
            except (AgiError, AudioError) as error:
                log.warning("A connection was closed. %s", error)
            except OSError as error:
                log.warning("A connection broke: %s", type(error).__name__)
            finally:
                writer.close()

        def connected(reader: StreamReader, writer: StreamWriter) -> None:
            # A peer that has left already has no name any more.
            host, *_ = writer.get_extra_info("peername") or [""]
            if host in self._trusted:
                self._start(served(reader, writer))
                return
            if self._trusted.is_news(host):
                log.warning(
                    "Connections from %s are closed: if it is the Asterisk, add it "
                    "to [asterisk] trusted.",
                    host,
                )
            writer.close()

        return connected

    async def _asked(self, reader: StreamReader, writer: StreamWriter) -> None:
        request = await greet(reader)
        session = AgiSession(reader, writer)
        reading = self._start(session.read())
        match request.script:
            case "call":
                await self._offer(request, session)
            case "route":
                await _set(session, "TELEFONIST", await self._where(request.dialled))
            case "taken":
                self._taken(request)
            case _:
                log.warning(
                    "Asterisk asks for an AGI script that is not here: "
                    "write /call, /route or /taken after the address."
                )
        session.close()
        await reading

    async def _offer(self, request: Request, session: AgiSession) -> None:
        audio = sound_place(session, self.audio)
        line = AsteriskLine(session, audio, self._settings.transfers)
        ringing = AsteriskRinging(offer(request), session, line)
        if self._draining:
            await ringing.refuse(Refusal.LEAVING)
        elif self._standing >= self._settings.calls:
            await ringing.refuse(Refusal.BUSY)
        else:
            self._lines[line.id] = line
            self._offered.put_nowait(ringing)
            try:
                await line.pace()
            finally:
                del self._lines[line.id]

    @property
    def _standing(self) -> int:
        return sum(not line.over for line in self._lines.values())

    async def _where(self, number: str) -> Where:
        if self._draining:
            return Where.UNKNOWN
        try:
            async with asyncio.timeout(_ROUTE_SECONDS):
                return await self._route(number)
        except (VoiceError, TimeoutError) as error:
            # A telephone rings rather than that nobody is reached.
            log.warning("A call is let through unasked: %s", type(error).__name__)
            return Where.UNKNOWN

    def _taken(self, request: Request) -> None:
        for line in self._lines.values():
            if str(line.id) in request.arguments:
                line.answered_elsewhere()

    async def _sounding(self, reader: StreamReader, writer: StreamWriter) -> None:
        audio = AudioReader()
        line = await self._joining(audio, reader)
        if line is None:
            raise AudioError("No call waits for its sound.")
        await line.carry(audio, reader, writer)

    async def _joining(
        self, audio: AudioReader, reader: StreamReader
    ) -> AsteriskLine | None:
        with suppress(TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(_JOIN_SECONDS):
                for message in audio.feed(await reader.readexactly(ID_BYTES)):
                    if isinstance(message, Joined):
                        return self._lines.get(message.call)
        return None


async def _set(session: AgiSession, name: str, value: str) -> None:
    with suppress(CallGoneError):
        await session.ask("SET", "VARIABLE", name, value)


async def _listening(
    opened: AsyncExitStack, setting: str, place: Place, connected: _Connected
) -> Place:
    try:
        server = await asyncio.start_server(
            connected, place.host, place.port, limit=LONGEST_LINE
        )
    except OSError as error:
        raise LineError(
            f"Asterisk cannot be waited for at {place} ({error.strerror}): "
            f"give [asterisk] {setting} a free address and port of this machine."
        ) from error
    opened.callback(server.close)
    # With port 0 the system has chosen one.
    return Place(place.host, server.sockets[0].getsockname()[1])


@asynccontextmanager
async def open_asterisk(
    settings: AsteriskSettings, route: Route
) -> AsyncIterator[AsteriskExchange]:
    """Give the line to an Asterisk, and end its calls at the end."""
    async with AsyncExitStack() as opened:
        start = await opened.enter_async_context(workers())
        exchange = AsteriskExchange(settings, route, start)
        opened.callback(exchange.close)
        await exchange.listen(opened)
        yield exchange
