"""The clock of a line that has none of its own: 20 ms at a time, without drift."""

import asyncio
from collections import deque

from voice.phone.port import FRAME_BYTES, FRAME_SECONDS

SILENCE = bytes(FRAME_BYTES)
# What the network and a busy machine may be late with, both ways.
_LATE_FRAMES = 3
# More in store would be heard long after the caller has begun to speak over it.
_STORED_FRAMES = 6
# A machine that stood still for longer does not hurry after what it missed.
_FORGOTTEN_SECONDS = 0.2
# Sound that was missed is sent at double speed and never at once: a telephone
# keeps little in store.
_LEAST_SECONDS = FRAME_SECONDS / 2


class Beat:
    """Says when the next 20 ms begin."""

    def __init__(self, now: float) -> None:
        self._due = now

    def wait(self, now: float) -> float:
        """Return for how long to wait, in seconds."""
        self._due = max(self._due + FRAME_SECONDS, now - _FORGOTTEN_SECONDS)
        return max(self._due - now, _LEAST_SECONDS)


class Even:
    """Makes one frame each 20 ms of frames that come early, late or not at all."""

    def __init__(self) -> None:
        self._owed = 0
        self.dropped = 0

    def beat(self) -> bool:
        """Say that 20 ms have passed; True when silence must stand in for a frame."""
        self._owed += 1
        if self._owed <= _LATE_FRAMES:
            return False
        self._owed -= 1
        return True

    def came(self) -> bool:
        """Say that a frame came; False when it comes too late to be given on."""
        if self._owed <= -_LATE_FRAMES:
            self.dropped += 1
            return False
        self._owed -= 1
        return True


class Outgoing:
    """What is to be sent: a little is kept in store, so that no word has a gap."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._kept = 0
        self._flowing = False
        self._room, self._silent = asyncio.Event(), asyncio.Event()
        self.end()

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._room.set()
        self._silent.set()

    async def put(self, frame: bytes) -> None:
        """Add a frame; wait while there is much to be sent already."""
        self._frames.append(frame)
        self._silent.clear()
        if len(self._frames) >= _STORED_FRAMES:
            self._room.clear()
            await self._room.wait()

    async def played(self) -> None:
        """Wait until everything has been sent."""
        await self._silent.wait()

    def beat(self) -> bytes:
        """Return what these 20 ms sound like."""
        if not self._frames:
            self._flowing, self._kept = False, 0
            self.end()
            return SILENCE
        self._kept += 1
        enough = max(self._kept, len(self._frames) - 1) >= _LATE_FRAMES
        self._flowing = self._flowing or enough
        if not self._flowing:
            return SILENCE
        frame = self._frames.popleft()
        if len(self._frames) < _STORED_FRAMES:
            self._room.set()
        return frame
