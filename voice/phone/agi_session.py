"""One FastAGI connection: the commands of one call, and the news of its end."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections import deque

from voice.phone.agi import (
    MOST_LINES,
    AgiError,
    ChannelGone,
    Reply,
    Request,
    command,
    read_request,
    read_word,
)
from voice.phone.peers import Place
from voice.phone.port import CallGoneError

log = logging.getLogger(__name__)

_REQUEST_SECONDS = 5.0
_REPLY_SECONDS = 2.0
_NO_CALL = "This is no FastAGI: no call is told of."


async def greet(reader: StreamReader) -> Request:
    """Read what Asterisk tells of the call; AgiError when it is something else."""
    lines: list[bytes] = []
    try:
        async with asyncio.timeout(_REQUEST_SECONDS):
            while line := await reader.readline():
                if not line.strip():
                    return read_request(lines)
                if len(lines) == MOST_LINES:
                    break
                lines.append(line)
    except (TimeoutError, ValueError) as error:  # ValueError: a line without an end
        raise AgiError(_NO_CALL) from error
    raise AgiError(_NO_CALL)


class AgiSession:
    """Asks Asterisk to do things with one call, one after the other."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._asked: deque[asyncio.Future[Reply]] = deque()
        self.hung_up = False
        """Whether Asterisk has told that the caller left."""
        self.gone = asyncio.Event()
        """Set when the caller has left, or Asterisk itself has."""

    @property
    def reached_at(self) -> str:
        """The address of ours that Asterisk reaches us at."""
        return str(self._writer.get_extra_info("sockname")[0])

    async def read(self) -> None:
        """Read what Asterisk says until it has no more to say."""
        try:
            while line := await self._reader.readline():
                self._heard(line)
        except (OSError, ValueError) as error:  # ValueError: a line without an end
            log.warning("A FastAGI connection broke: %s", type(error).__name__)
        finally:
            self.close()

    def _heard(self, line: bytes) -> None:
        match read_word(line):
            case ChannelGone():
                self.hung_up = True
                self.gone.set()
            case Reply() as reply if self._asked:
                # One that nobody waits for any more is answered all the same.
                asked = self._asked.popleft()
                if not asked.done():
                    asked.set_result(reply)

    def order(self, *words: str) -> asyncio.Future[Reply]:
        """Have a command carried out, after those before; the reply comes later."""
        asked: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        if self._writer.is_closing():
            _broken_off(asked)
        else:
            self._asked.append(asked)
            self._writer.write(command(*words))
        return asked

    async def ask(self, *words: str) -> Reply:
        """Have a short command carried out; CallGoneError when there is no call."""
        asked = self.order(*words)
        await asyncio.wait((asked,), timeout=_REPLY_SECONDS)
        if not asked.done():
            self.close()
        return await asked

    def close(self) -> None:
        """Leave the call to the dialplan; it is no error to do so twice."""
        self.gone.set()
        self._writer.close()
        while self._asked:
            _broken_off(self._asked.popleft())


def _broken_off(asked: asyncio.Future[Reply]) -> None:
    if not asked.done():
        asked.set_exception(CallGoneError("The call has ended."))
        # Nobody needs to wait for it any more.
        asked.exception()


def sound_place(session: AgiSession, audio: Place) -> Place:
    """Return where Asterisk is to bring the sound."""
    return Place(session.reached_at, audio.port) if audio.anywhere else audio
