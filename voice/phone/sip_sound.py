"""The sound of one SIP call both ways: frames in and out at the line's own pace."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from voice.phone.port import FRAME_BYTES
from voice.phone.wideband import Doubled, Halved

# So much is gathered before it is passed on, so that packets which come unevenly
# leave no holes; and what is more than the most is passed on at once.
_CUSHION_BYTES = 2 * FRAME_BYTES
_MOST_BYTES = 6 * FRAME_BYTES
# So much silence goes before speech, which then bears that the house is late; and
# more than the most is not held, so that an interrupted prompt ends at once.
_LEAD_FRAMES = 2
_MOST_FRAMES = 6
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
        self._flows = False
        self._halved, self._doubled = Halved(), Doubled()

    def tick(self) -> Iterator[bytes]:
        """Yield what was heard in 20 ms: one frame, or more when too much has come."""
        depths = self._streams.depths()
        pcm = self._streams.take(_ALL) if depths else b""
        self._came += self._halved(pcm) if depths and depths.heard == _WIDE else pcm
        enough = FRAME_BYTES if self._flows else _CUSHION_BYTES
        self._flows = len(self._came) >= enough
        yield self._next() if self._flows else bytes(FRAME_BYTES)
        while len(self._came) > _MOST_BYTES:
            yield self._next()

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
        lead = bytes(0 if depths.waiting else _LEAD_FRAMES * length)
        self._streams.give(lead + (self._doubled(frame) if wide else frame))
        return True
