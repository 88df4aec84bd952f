"""Where a list goes on: a word that says nothing to whoever is given it."""

import base64
import binascii
import json

LONGEST = 1000


def cursor(of: str, last: str) -> str:
    """Return where a list goes on after the last one that was given."""
    written = json.dumps([of, last], ensure_ascii=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def read_cursor(of: str, text: str) -> str | None:
    """Return the last one that was given; None for what is no cursor of the list."""
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        written = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        read = json.loads(written)
    except (binascii.Error, ValueError, RecursionError):
        return None
    match read:
        # Only what we wrote ourselves: the same place has one cursor.
        case [str(list_), str(last)] if list_ == of and cursor(of, last) == text:
            return last
        case _:
            return None
