"""The speech process seen from the house: asked, watched, and started anew."""

import asyncio
import contextlib
import itertools
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from typing import Self

from voice.errors import VoiceError
from voice.sound import espeak

log = logging.getLogger(__name__)

_TRIES = 2


class MouthError(VoiceError):
    """A text cannot be spoken."""


class _NoAnswerError(Exception):
    """The process is there, but the sentence did not come out of it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How the attendant sounds.

    `name` is an espeak-ng voice with or without a variant (`sv`, `sv+f5`), `rate` is
    in words a minute, `pitch` 0 to 99, `level` in dBFS RMS of active speech.
    """

    name: str = "sv"
    rate: int = 160
    pitch: int = 50
    level: float = -20.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds the speech process gets, for a sentence and for its start."""

    sentence: float = 2.0
    start: float = 20.0


SWEDISH = Voice()
PATIENT = Limits()


class Synthesis:
    """One warm speech process; sentences take their turns."""

    def __init__(self, voice: Voice = SWEDISH, limits: Limits = PATIENT) -> None:
        self._voice = voice
        self._limits = limits
        self._turn = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._process: Process | None = None
        self._header: tuple[int, bool, int] | None = None

    async def __aenter__(self) -> Self:
        async with self._turn:
            await self._running()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def pid(self) -> int | None:
        """The id of the speech process; None while there is none."""
        return self._process.pid if self._process else None

    async def sound(self, text: str) -> bytes:
        """Return the text as mono s16le at `espeak.RATE`.

        A process that does not answer in time is killed and the sentence tried once
        more in a new one; after that it is a `MouthError`.
        """
        async with self._turn:
            for _ in range(_TRIES):
                process = await self._running()
                try:
                    async with asyncio.timeout(self._limits.sentence):
                        return await self._ask(process, text)
                except TimeoutError:
                    log.warning("speech process hangs and is killed")
                    _kill(process)
                except (EOFError, OSError, _NoAnswerError) as error:
                    log.warning("speech process failed: %s", type(error).__name__)
                await self.close()
        raise MouthError(
            "The speech process gave no sound, and none after a new start: run "
            "`telefonist check`, and give it more time if the machine is very busy."
        )

    async def close(self) -> None:
        """End the speech process and everything it started."""
        process, self._process, self._header = self._process, None, None
        if process is None:
            return
        assert process.stdin
        process.stdin.close()
        try:
            async with asyncio.timeout(self._limits.sentence):
                await _ended(process)
        except TimeoutError:
            _kill(process)
            await _ended(process)

    async def _running(self) -> Process:
        if self._process is None:
            self._process = await self._started()
            await self._greeted(self._process)
        return self._process

    async def _started(self) -> Process:
        voice = (self._voice.name, str(self._voice.rate), str(self._voice.pitch))
        # -P: our folder has a wave.py, which must not hide that of Python.
        program = (sys.executable, "-P", espeak.__file__, *voice)
        return await asyncio.create_subprocess_exec(
            *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )

    async def _greeted(self, process: Process) -> None:
        """Wait until the process is ready; close it when it is not."""
        well, why = False, b"it hung while starting"
        try:
            async with asyncio.timeout(self._limits.start):
                _, well, why = await self._reply(process)
        except TimeoutError:
            _kill(process)
        except EOFError:
            why = b"it ended while starting"
        finally:
            if not well:
                await self.close()
        if not well:
            raise MouthError(
                f"Speech with the voice {self._voice.name!r} does not start "
                f"({why.decode('utf-8', 'replace')}): check the voice's name, and "
                "install pyttsx3 and espeakng-loader anew."
            )

    async def _ask(self, process: Process, text: str) -> bytes:
        assert process.stdin
        number = next(self._numbers)
        process.stdin.write(json.dumps([number, text]).encode() + b"\n")
        await process.stdin.drain()
        while True:
            answered, well, sound = await self._reply(process)
            # Earlier numbers answer callers who hung up before their sentence came.
            if answered == number and well:
                return sound
            if answered == number:
                raise _NoAnswerError

    async def _reply(self, process: Process) -> tuple[int, bool, bytes]:
        """Read one reply; when cancelled in between, the next call goes on with it."""
        assert process.stdout
        if self._header is None:
            header = await process.stdout.readexactly(espeak.HEADER.size)
            self._header = espeak.HEADER.unpack(header)
        number, well, length = self._header
        sound = await process.stdout.readexactly(length)
        self._header = None
        return number, well, sound


def _kill(process: Process) -> None:
    """Kill the process with its forks; it leads a group of its own."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


async def _ended(process: Process) -> None:
    assert process.stdin
    assert process.stdout
    await process.stdout.read()
    await process.wait()
    # Only when this pipe is gone too does asyncio let go of the process.
    with contextlib.suppress(ConnectionError):
        await process.stdin.wait_closed()
