"""Calls that an exchange sends back here each time that they are put through."""

from collections import deque
from collections.abc import Callable

from voice.divert.model import Extension

# Nobody calls the same phone so often by hand; an exchange does, many times a second.
_TIMES, _SECONDS = 4, 10.0
# Who calls is not always known: then many people may be calling at once.
_TIMES_UNKNOWN = 30


class Loops:
    """Remembers for a while who was put through to whom."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Measure time by a clock in seconds."""
        self._clock = clock
        self._through: deque[tuple[float, str | None, Extension]] = deque()

    def note(self, caller: str | None, extension: Extension) -> None:
        """Remember that a caller is put through."""
        self._through.append((self._clock(), caller, extension))

    def goes_round(self, caller: str | None, extension: Extension) -> bool:
        """Tell whether this caller has just been put through there again and again."""
        oldest = self._clock() - _SECONDS
        while self._through and self._through[0][0] < oldest:
            self._through.popleft()
        times = sum(there[1:] == (caller, extension) for there in self._through)
        return times >= (_TIMES_UNKNOWN if caller is None else _TIMES)
