"""The keys of one SIP call: each that is pressed counts once."""

_KEYS = frozenset("0123456789*#")
# The packets of a key go 20 ms apart (RFC 4733 §2.5.1.2). One that comes so soon after
# the key's end has been overtaken by it: who presses the key again takes 40 ms (Q.24).
_OVERTAKEN_SECONDS = 0.03


class Keys:
    """Tells keys that are pressed from packets that come late."""

    def __init__(self) -> None:
        self._last = ""
        self._ended: float | None = None

    def begins(self, key: str, now: float) -> bool:
        """Say that a key begins; whether it is pressed anew, and one of ours."""
        late = self._ended is not None and now - self._ended < _OVERTAKEN_SECONDS
        if key not in _KEYS or (late and key == self._last):
            return False
        self._last, self._ended = key, None
        return True

    def ends(self, now: float) -> None:
        """Say that the key ends."""
        self._ended = now
