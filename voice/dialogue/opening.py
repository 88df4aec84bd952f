"""How calls begin: with whom is known, with whom is not, and to a diverted phone."""

from voice.dialogue.actions import Key, LookUp, Play, Say, Tone
from voice.dialogue.states import (
    AskedExtension,
    AskedPin,
    Dialled,
    Keying,
    Opening,
    Routing,
    Start,
    Turn,
)
from voice.divert.model import Extension


def answer(then: Opening | None = None, earcon: bool = False) -> Turn:
    """Answer a caller who is known; with an `earcon`, that is heard before words."""
    match then:
        case None | Start():
            known = (Play(Tone.KNOWN),) if earcon else ()
            return Start(), (*known, Say("greeting"))
        case Keying():
            return then, (Play(Tone.DIAL),)
        case Dialled(code, by_tone):
            return Keying(once=True, by_tone=by_tone), (Key(code),)


def ask_who(then: Opening) -> Turn:
    """Answer a caller who is not known."""
    return AskedExtension(then), (Say("greeting_unknown"),)


def ask_pin(then: Opening, extension: Extension) -> Turn:
    """Answer a mobile that is tied to an extension, and must show that it may."""
    return AskedPin(then, extension), (Say("greeting_pin"),)


def reach(extension: Extension) -> Turn:
    """Take a call to an extension: what becomes of it is looked up."""
    return Routing(extension), (LookUp(extension),)
