"""What a call begins with: by what was dialled, and by who calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voice.calls.callers import Inside, Mobile, Stranger, who_calls
from voice.calls.errands import NOBODY
from voice.dialogue.opening import answer, ask_pin, ask_who, reach
from voice.dialogue.states import Dialled, Keying, Opening, Start, Turn
from voice.divert.model import Extension, Site
from voice.divert.routing import Announce, route
from voice.numbering import NumberPlan
from voice.phone.port import Offer, Refusal, Where
from voice.service import Confirmation, Service
from voice.store.port import Store, UnknownExtensionError


class Kind(StrEnum):
    """What a call is for."""

    SPOKEN = "spoken"
    KEYED = "keyed"
    DIALLED = "dialled"
    RECEPTION = "reception"


@dataclass(frozen=True, slots=True)
class Begun:
    """How a call begins, the number it came to, and the extension it comes from."""

    turn: Turn
    place: str
    kind: Kind
    caller: Extension = NOBODY


async def begin(
    offer: Offer, service: Service, plan: NumberPlan, store: Store
) -> Begun | Refusal:
    """Say how a call begins, or why it is not taken."""
    for number in offer.forwarded_from:
        # The newest that is somebody's: it is the one whose phone is closed.
        if await _is_listed(Extension(number), store):
            return _reception(number)
    match _asked_for(offer.dialled, service):
        case None:
            pass
        case opening:
            turn, caller = await _known(offer, opening, service, plan, store)
            return Begun(turn, offer.dialled, _KINDS[type(opening)], caller)
    # Nobody's number too: there the caller is told so.
    return _reception(offer.dialled) if offer.dialled else Refusal.UNKNOWN


def _reception(number: str) -> Begun:
    return Begun(reach(Extension(number)), number, Kind.RECEPTION)


_KINDS: Mapping[type[Opening], Kind] = {
    Start: Kind.SPOKEN,
    Keying: Kind.KEYED,
    Dialled: Kind.DIALLED,
}


def _asked_for(dialled: str, service: Service) -> Opening | None:
    """Return the service that a number is for; None when it is somebody's own."""
    if dialled in service.spoken:
        return Start()
    if dialled in service.keyed:
        return Keying()
    if dialled[:1] in ("*", "#"):
        return Dialled(dialled, service.confirm_codes_by is Confirmation.TONE)
    return None


async def _known(
    offer: Offer, then: Opening, service: Service, plan: NumberPlan, store: Store
) -> tuple[Turn, Extension]:
    """Begin with a caller who is known, or by asking who it is."""
    match await who_calls(offer.caller, store, plan):
        case Inside(extension):
            return answer(then, service.earcon), extension
        case Mobile(extension) if not service.mobile_needs_pin:
            return answer(then, service.earcon), extension
        case Mobile(extension):
            return ask_pin(then, extension), NOBODY
        case Stranger():
            return ask_who(then), NOBODY


async def _is_listed(extension: Extension, store: Store) -> bool:
    try:
        await store.directory.find(extension)
    except UnknownExtensionError:
        return False
    return True


async def ask_where(
    number: str, store: Store, site: Site, now: Callable[[], datetime]
) -> Where:
    """Tell an exchange that asks what to do with a call to an extension."""
    extension = Extension(number)
    if not await _is_listed(extension, store):
        return Where.UNKNOWN
    standing = await store.diverts.standing(extension)
    match route(standing.diverts, site, now()):
        case Announce():
            return Where.ANNOUNCE
        case _:
            return Where.RING
