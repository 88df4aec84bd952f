"""Who calls, where the exchange does not say: an extension and its PIN, keyed."""

from voice.dialogue.actions import HangUp, Identify, Say
from voice.dialogue.heard import Asked, Digits, Heard, Identified, NotIdentified, Topic
from voice.dialogue.opening import answer
from voice.dialogue.states import (
    AskedExtension,
    AskedPin,
    Ended,
    Identifying,
    Start,
    Turn,
    Unknown,
)
from voice.divert.model import Extension

# So many wrong pairs in one call; the lock-out counts over all calls.
_TRIES = 3


def identify(state: Unknown, heard: Heard) -> Turn:
    """Ask for extension and PIN until they belong together, or too often did not."""
    match state, heard:
        case AskedExtension(then, tries), Digits(number):
            return AskedPin(then, Extension(number), tries), (Say("ask_pin"),)
        case AskedPin(then, extension, tries), Digits(pin):
            return Identifying(then, tries), (Identify(extension, pin),)
        case Identifying(Start()), Identified():
            return Start(), (Say("identified"),)
        case Identifying(then), Identified():
            return answer(then)
        case Identifying(then, tries), NotIdentified() if tries + 1 < _TRIES:
            return AskedExtension(then, tries + 1), (Say("not_identified"),)
        case Identifying(), NotIdentified():
            return Ended(), (Say("not_identified_goodbye"), HangUp())
        case AskedPin(then, _, tries), Asked(Topic.CANCEL):
            return AskedExtension(then, tries), (Say("ask_extension"),)
        case _, Asked(Topic.CANCEL):
            return Ended(), (Say("goodbye"), HangUp())
        case _:
            return state, ()
