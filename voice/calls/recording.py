"""The sound of calls, written only where a site keeps any, and erased in time."""

import asyncio
import logging
import os
import wave
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from voice.config import RecordingSettings
from voice.phone.port import FRAME_BYTES, Arrival, Backlog, Line, Sound
from voice.store.port import CallId

log = logging.getLogger(__name__)

# Nothing in the folder is erased but what bears these names.
_WHOLE, _PART = ".call.wav", ".call.part"
_LONGEST_NAME = 255
_SECOND = 50 * FRAME_BYTES
_BETWEEN_ERASURES = 3600.0


@asynccontextmanager
async def recorded(
    line: Line, call: CallId, settings: RecordingSettings
) -> AsyncIterator[Line]:
    """Give the line; its sound is written down where the site keeps any.

    No call is harmed by a disk that is full or gone: it goes on without.
    """
    if not settings.days:
        yield line
        return
    taped = RecordedLine(line, Tape(settings.folder, call))
    try:
        yield taped
    finally:
        await taped.finish()


async def keep_clean(settings: RecordingSettings, now: Callable[[], datetime]) -> None:
    """Erase what has been kept for its days, now and every hour, until cancelled."""
    while True:
        erased = await asyncio.to_thread(erase_old, settings, now())
        if erased:
            log.info("the sound of %d calls was erased", erased)
        await asyncio.sleep(_BETWEEN_ERASURES)


def erase_old(settings: RecordingSettings, now: datetime) -> int:
    """Erase the sound of calls that ended too long ago; count them.

    A site that keeps none any longer has none left after this.
    """
    oldest = (now - timedelta(days=settings.days)).timestamp()
    erased = 0
    for kind in (_WHOLE, _PART):
        for file in settings.folder.glob(f"*{kind}"):
            try:
                if file.stat().st_mtime <= oldest:
                    file.unlink()
                    erased += 1
            except FileNotFoundError:
                continue  # another process was quicker
            except OSError as error:
                log.warning("old sound cannot be erased: %s", error.strerror)
    return erased


class Tapes:
    """The sound of calls that have ended, where the site keeps any."""

    def __init__(self, settings: RecordingSettings) -> None:
        self._settings = settings

    async def find(self, call: CallId) -> Path | None:
        """Return the sound of a call; None where there is none."""
        file = self._settings.folder / (_named(call) + _WHOLE)
        # No file has a longer name, and no call a longer id.
        if not self._settings.days or len(file.name) > _LONGEST_NAME:
            return None
        return file if await asyncio.to_thread(file.is_file) else None

    async def erase(self, call: CallId) -> None:
        """Erase the sound of a call, also where none is kept any longer."""
        file = self._settings.folder / (_named(call) + _WHOLE)
        if len(file.name) <= _LONGEST_NAME:
            await asyncio.to_thread(file.unlink, missing_ok=True)


def _named(call: CallId) -> str:
    # An id may have come from the exchange, and be anything.
    return quote(call, safe="")


class Tape:
    """The sound of one call in a file: the caller to the left, the attendant right.

    Until the end it bears another name, and its header is right at every second: a
    crash loses no more than that.
    """

    def __init__(self, folder: Path, call: CallId) -> None:
        name = _named(call)
        self._whole, self._part = folder / (name + _WHOLE), folder / (name + _PART)
        self._file: BinaryIO | None = None
        self._wave: wave.Wave_write | None = None
        self._failed = False

    def write(self, left: bytes, right: bytes) -> None:
        """Add some sound of both; blocks while the disk does."""
        if self._failed:
            return
        try:
            if self._wave is None:
                self._wave = self._open()
            self._wave.writeframes(_stereo(left, right))
        except OSError as error:
            log.warning("the sound of a call cannot be kept: %s", error.strerror)
            self._failed = True

    def _open(self) -> wave.Wave_write:
        self._part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Only its owner may listen to a call, from the first byte.
        wanted = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._file = os.fdopen(os.open(self._part, wanted, 0o600), "wb")
        opened = wave.Wave_write(self._file)
        opened.setparams((2, 2, 8000, 0, "NONE", "NONE"))
        return opened

    def close(self) -> None:
        """Finish the file, and give it its name; without any sound there is none."""
        if self._file is None or self._wave is None:
            return
        try:
            with self._file:
                self._wave.close()
            os.replace(self._part, self._whole)
        except OSError as error:
            log.warning("the sound of a call is not whole: %s", error.strerror)


class RecordedLine:
    """A line whose sound is written down, both ways, as it passes."""

    def __init__(self, line: Line, tape: Tape) -> None:
        self._line, self._tape = line, tape
        self._left, self._right = bytearray(), bytearray()

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind what comes."""
        return self._line.backlog

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what comes from the caller until the call ends."""
        async for arrival in self._line.arrivals():
            match arrival:
                case Sound(pcm):
                    if len(self._left) >= _SECOND:
                        await self._write(_SECOND)
                    self._left += pcm
            yield arrival

    async def send(self, frame: bytes) -> None:
        """Send 20 ms to the caller."""
        # What answers a frame belongs beside it.
        behind = len(self._left) - FRAME_BYTES - len(self._right)
        self._right += bytes(max(behind, 0)) + frame
        await self._line.send(frame)

    async def transfer(self, number: str) -> bool:
        """Put the caller through to a number of the exchange."""
        return await self._line.transfer(number)

    async def hang_up(self) -> None:
        """End the call."""
        await self._line.hang_up()

    async def finish(self) -> None:
        """Write what is left, and finish the file."""
        left = max(len(self._left), len(self._right))
        if left:
            await self._write(left)
        await asyncio.to_thread(self._tape.close)

    async def _write(self, length: int) -> None:
        # Half a sample would be none at all.
        whole = length + length % 2
        left, right = (
            bytes(side[:length]).ljust(whole, b"\0")
            for side in (self._left, self._right)
        )
        del self._left[:length], self._right[:length]
        await asyncio.to_thread(self._tape.write, left, right)


def _stereo(left: bytes, right: bytes) -> bytes:
    both = array("h", bytes(len(left) + len(right)))
    both[0::2], both[1::2] = array("h", left), array("h", right)
    return both.tobytes()
