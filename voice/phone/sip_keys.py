"""The keys of one SIP call: each that is pressed counts once."""

_KEYS = frozenset("0123456789*#")
# Nobody presses the same key again within 40 ms (ITU-T Q.24): a packet of a key that
# comes so soon after the key's end was late.
_BETWEEN_SECONDS = 0.04


class Keys:
    """Tells keys that are pressed from packets that come late."""

    def __init__(self) -> None:
        self._last = ""
        self._ended: float | None = None

    def begins(self, key: str, now: float) -> bool:
        """Say that a key begins; whether it is pressed anew, and one of ours."""
        late = self._ended is not None and now - self._ended < _BETWEEN_SECONDS
        if key not in _KEYS or (late and key == self._last):
            return False
        self._last, self._ended = key, None
        return True

    def ends(self, now: float) -> None:
        """Say that the key ends."""
        self._ended = now
