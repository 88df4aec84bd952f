"""What Google calls an address for: something has changed, and not what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice.calendars.port import BrokenAnswerError


@dataclass(frozen=True, slots=True)
class Notice:
    """One call; it is believed only with the watch's own token and resource."""

    watch: str
    resource: str
    token: str = field(repr=False)
    begins: bool = False
    """The watch has begun, and nothing has changed yet."""


def notice(headers: Mapping[str, str]) -> Notice:
    """Return what a call tells; the body is empty, and all of it is in the headers.

    https://developers.google.com/workspace/calendar/api/guides/push
    """
    told = {name.lower(): value for name, value in headers.items()}
    try:
        return Notice(
            watch=told["x-goog-channel-id"],
            resource=told["x-goog-resource-id"],
            token=told.get("x-goog-channel-token", ""),
            # Whatever else it is called, something may have changed.
            begins=told["x-goog-resource-state"] == "sync",
        )
    except KeyError:
        raise BrokenAnswerError(
            "Somebody calls who is not Google: look at who can reach the address that "
            "is given for its calls."
        ) from None
