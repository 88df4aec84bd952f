"""Microphone and loudspeaker in place of a telephone line."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol, Self, TypeAlias

from voice.errors import VoiceError
from voice.sound.frames import FRAME_BYTES, FrameQueue, Framing, Resampling
from voice.sound.wave import RATE

_BLOCK_SECONDS = 0.02
_DEVICE_RATES = (RATE, 48000, 16000, 44100)

# What PortAudio calls with a block: the buffer, its length in samples, time, status.
Callback: TypeAlias = Callable[..., None]


class DeskError(VoiceError):
    """There is no microphone or loudspeaker to talk through."""


class Stream(Protocol):
    """A running sound device."""

    def start(self) -> None:
        """Begin to call back with blocks."""
        ...

    def close(self) -> None:
        """Stop, and let go of the device."""
        ...


@dataclass(frozen=True, slots=True)
class Buffers:
    """How many frames of 20 ms wait, from the microphone and to the loudspeaker."""

    heard: int = 50
    said: int = 1500


ROOMY = Buffers()


class Desk:
    """One caller at this computer, in the shape of a telephone line.

    Iterate to hear frames of 320 bytes (20 ms of 8 kHz mono s16le); `send` such frames
    to speak. Neither waits for the other; what is too late is dropped and counted.
    """

    def __init__(self, buffers: Buffers = ROOMY) -> None:
        self._heard = FrameQueue(buffers.heard)
        self._said = FrameQueue(buffers.said)
        self._arrived = asyncio.Event()
        self._streams: list[Stream] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()

        def arrived() -> None:
            # A last block may come while the loop is being closed.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._arrived.set)

        # Opening a device takes a tenth of a second: never on the event loop.
        await asyncio.to_thread(self._open, arrived)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._close)

    @property
    def dropped(self) -> tuple[int, int]:
        """How many frames came too late: (heard, said)."""
        return self._heard.dropped, self._said.dropped

    @property
    def saying(self) -> int:
        """How many frames still wait for the loudspeaker."""
        return len(self._said)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while (frame := self._heard.take()) is not None:
                yield frame

    def send(self, frame: bytes) -> None:
        """Speak a frame after those that wait."""
        if len(frame) != FRAME_BYTES:
            raise DeskError(
                f"A frame of {len(frame)} bytes cannot be spoken: "
                f"send whole frames of {FRAME_BYTES} bytes."
            )
        self._said.put(frame)

    def _open(self, arrived: Callable[[], None]) -> None:
        devices = portaudio()
        try:
            rate = _rate(devices.check_input_settings, devices.PortAudioError)
            self._start(
                devices.RawInputStream, rate, listener(self._heard, rate, arrived)
            )
            rate = _rate(devices.check_output_settings, devices.PortAudioError)
            self._start(devices.RawOutputStream, rate, speaker(self._said, rate))
        except (devices.PortAudioError, ValueError) as error:
            self._close()
            raise DeskError(
                f"No microphone or loudspeaker can be used ({error}): connect a "
                "headset, and choose it as this computer's sound device."
            ) from error

    def _start(
        self, kind: Callable[..., Stream], rate: int, callback: Callback
    ) -> None:
        stream = kind(
            samplerate=rate,
            blocksize=round(rate * _BLOCK_SECONDS),
            channels=1,
            dtype="int16",
            callback=callback,
        )
        self._streams.append(stream)
        stream.start()

    def _close(self) -> None:
        while self._streams:
            self._streams.pop().close()


def listener(heard: FrameQueue, rate: int, arrived: Callable[[], None]) -> Callback:
    """Return what takes the microphone's blocks at this rate into the queue."""
    resampling, framing = Resampling(rate, RATE), Framing()

    def take(block: bytes, *_: object) -> None:
        for frame in framing.cut(resampling.turn(bytes(block))):
            heard.put(frame)
        arrived()

    return take


def speaker(said: FrameQueue, rate: int) -> Callback:
    """Return what fills the loudspeaker's blocks at this rate from the queue."""
    resampling = Resampling(RATE, rate)
    ready = bytearray()

    def fill(block: memoryview, *_: object) -> None:
        size = len(block)
        while len(ready) < size:
            ready.extend(resampling.turn(said.take() or bytes(FRAME_BYTES)))
        block[:] = bytes(ready[:size])
        del ready[:size]

    return fill


def portaudio() -> ModuleType:
    """Return the sound devices' library; DeskError where PortAudio is missing."""
    try:
        # Only `talk` needs it, and it fails where PortAudio is not installed.
        import sounddevice
    except OSError as error:
        raise DeskError(
            "PortAudio, which reaches the microphone, is not installed: run "
            "`apt install libportaudio2` (on a Mac `brew install portaudio`)."
        ) from error
    module: ModuleType = sounddevice
    return module


def _rate(check: Callable[..., None], refused: type[Exception]) -> int:
    """Return the first rate the device can do; the last refusal when there is none."""
    for rate in _DEVICE_RATES[:-1]:
        with contextlib.suppress(refused):
            check(channels=1, dtype="int16", samplerate=rate)
            return rate
    check(channels=1, dtype="int16", samplerate=_DEVICE_RATES[-1])
    return _DEVICE_RATES[-1]
