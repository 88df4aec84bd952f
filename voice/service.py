"""What a site says of its telephone service: values, read and checked elsewhere."""

from dataclasses import dataclass
from enum import StrEnum


class Confirmation(StrEnum):
    """How a dialled code is confirmed."""

    VOICE = "voice"
    TONE = "tone"


@dataclass(frozen=True, slots=True)
class Service:
    """The numbers that are answered, and how."""

    spoken: tuple[str, ...] = ("4949",)
    """Numbers of the spoken dialogue."""
    keyed: tuple[str, ...] = ("3339",)
    """Numbers that answer with a dial tone and take keyed codes."""
    operator: str = "0"
    """Where the exchange's operators are reached."""
    ring_through: str = "{extension}"
    """What rings an extension though a divert stands on it, as in `9{extension}`."""
    calls: int = 40
    """More calls at once, on all lines together, are answered with busy."""
    drain_seconds: float = 60.0
    """Standing calls may go on for so long when the program is asked to end."""
    confirm_codes_by: Confirmation = Confirmation.VOICE
    """What a code that was dialled as a number is answered with."""
    mobile_needs_pin: bool = True
    """Whether a mobile tied to an extension also gives the PIN."""
    earcon: bool = True
    """Whether a caller who is known hears a short tone before the greeting."""
