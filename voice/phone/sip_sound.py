"""The sound of one SIP call both ways: frames in and out at the line's own pace."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from voice.phone.port import FRAME_BYTES
from voice.phone.wideband import Doubled, Halved

# So many frames may be late, or early, before silence stands in for one.
_LATE_FRAMES = 3
# More is not held, so that an interrupted prompt ends at once.
_MOST_FRAMES = 8
_WIDE = 16000
_ALL = 1 << 16


class Depths(NamedTuple):
    """How a call's sound is: samples a second each way, and bytes that wait to go."""

    heard: int
    said: int
    waiting: int


class Streams(Protocol):
    """What the stack gives of a call's sound, without waiting."""

    def depths(self) -> Depths | None:
        """Return how it is; None while sound cannot go both ways."""
        ...

    def take(self, most: int) -> bytes:
        """Return what has come, or nothing."""
        ...

    def give(self, pcm: bytes) -> None:
        """Send after what waits."""
        ...


class CallSound:
    """What is heard and said in one call, in frames of 8 kHz."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._came = bytearray()
        self._owed = 0
        self._is_silent = False
        self._halved, self._doubled = Halved(), Doubled()

    def tick(self) -> Iterator[bytes]:
        """Yield what was heard in 20 ms: most often one frame, and never none for long.

        What comes unevenly is passed on as it comes: there are no holes in speech.
        """
        depths = self._streams.depths()
        pcm = self._streams.take(_ALL) if depths else b""
        self._came += self._halved(pcm) if depths and depths.heard == _WIDE else pcm
        self._owed += 1
        while len(self._came) >= FRAME_BYTES:
            # What comes after silence may be as late as what came before it.
            self._owed = 0 if self._is_silent else max(self._owed - 1, -_LATE_FRAMES)
            self._is_silent = False
            yield self._next()
        if self._owed > _LATE_FRAMES:
            self._owed -= 1
            self._is_silent = True
            yield bytes(FRAME_BYTES)

    def _next(self) -> bytes:
        frame = bytes(self._came[:FRAME_BYTES])
        del self._came[:FRAME_BYTES]
        return frame

    def say(self, frame: bytes) -> bool:
        """Send a frame to the caller; whether there was room for it."""
        depths = self._streams.depths()
        if depths is None:
            return False
        wide = depths.said == _WIDE
        length = 2 * FRAME_BYTES if wide else FRAME_BYTES
        if depths.waiting > (_MOST_FRAMES - 1) * length:
            return False
        self._streams.give(self._doubled(frame) if wide else frame)
        return True
