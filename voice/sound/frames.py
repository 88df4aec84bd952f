"""Sound cut to the line's frames of 20 ms, at any device's rate."""

from collections import deque

import numpy as np
import soxr

FRAME_BYTES = 320  # 20 ms of 8 kHz mono s16le


class Framing:
    """Cut a stream of bytes into whole frames; the rest waits for more."""

    def __init__(self, size: int = FRAME_BYTES) -> None:
        self._size = size
        self._rest = b""

    def cut(self, sound: bytes) -> list[bytes]:
        """Return the frames that are whole now."""
        sound = self._rest + sound
        whole = len(sound) - len(sound) % self._size
        self._rest = sound[whole:]
        return [sound[at : at + self._size] for at in range(0, whole, self._size)]


class Resampling:
    """Turn a stream of s16le at one rate into another; its memory spans the blocks."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._stream = (
            soxr.ResampleStream(rate_in, rate_out, 1, dtype="float32", quality="MQ")
            if rate_in != rate_out
            else None
        )

    def turn(self, sound: bytes) -> bytes:
        """Return what this block adds at the new rate."""
        if self._stream is None:
            return sound
        # As whole numbers soxr would dither, and silence would hiss.
        samples = np.frombuffer(sound, "<i2").astype(np.float32)
        turned = np.rint(self._stream.resample_chunk(samples)).clip(-32768, 32767)
        return bytes(turned.astype("<i2").tobytes())


class FrameQueue:
    """Frames in order; when full, the oldest is dropped and counted.

    One thread may put while another takes.
    """

    def __init__(self, limit: int) -> None:
        self._frames: deque[bytes] = deque()
        self._limit = limit
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._frames)

    def put(self, frame: bytes) -> None:
        """Add a frame; the oldest makes room for it."""
        self._frames.append(frame)
        if len(self._frames) > self._limit and self.take() is not None:
            self.dropped += 1

    def take(self) -> bytes | None:
        """Return the oldest frame; None when there is none."""
        try:
            return self._frames.popleft()
        except IndexError:
            return None
