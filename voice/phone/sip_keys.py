"""The keys of one SIP call: each that is pressed counts once."""

_KEYS = frozenset("0123456789*#")
# The packets of a key go 20 ms apart (RFC 4733 §2.5.1.2), and some overtake others.
# After the end of a key comes one that was sent before: so late at most, for who
# presses the key again takes 40 ms (ITU-T Q.24).
_LATE_SECONDS = 0.02
# No key is as short as this: the end was that of the key before, and the next packet
# of this one seems to begin it anew.
_SHORTEST_SECONDS = 0.04
_LATE_AFTER_FALSE_END_SECONDS = 0.07


class Keys:
    """Tells keys that are pressed from packets that come late."""

    def __init__(self) -> None:
        self._last = ""
        self._began = 0.0
        self._ended: float | None = None

    def begins(self, key: str, now: float) -> bool:
        """Say that a key begins; whether it is pressed anew, and one of ours."""
        if key not in _KEYS:
            return False
        goes_on = key == self._last and self._is_late(now)
        self._ended = None
        if not goes_on:
            self._last, self._began = key, now
        return not goes_on

    def _is_late(self, now: float) -> bool:
        if self._ended is None:
            return False
        short = self._ended - self._began < _SHORTEST_SECONDS
        late = _LATE_AFTER_FALSE_END_SECONDS if short else _LATE_SECONDS
        return now - self._ended < late

    def ends(self, now: float) -> None:
        """Say that the key ends."""
        self._ended = now
