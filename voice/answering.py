"""What a call begins with: by what was dialled, and by who calls."""

from dataclasses import dataclass

from voice.callers import Inside, Mobile, who_calls
from voice.dialogue.opening import answer, ask_pin, ask_who, reach
from voice.dialogue.states import Dialled, Keying, Opening, Start, Turn
from voice.divert.model import Extension
from voice.errands import NOBODY
from voice.numbering import NumberPlan
from voice.phone.port import Offer, Refusal
from voice.service import Confirmation, Service
from voice.store.port import Store, UnknownExtensionError


@dataclass(frozen=True, slots=True)
class Begun:
    """How a call begins, the number it came to, and the extension it comes from."""

    turn: Turn
    place: str
    caller: Extension = NOBODY


async def begin(
    offer: Offer, service: Service, plan: NumberPlan, store: Store
) -> Begun | Refusal:
    """Say how a call begins, or why it is not taken."""
    if offer.forwarded_from is not None:
        reached = Extension(offer.forwarded_from)
        if await _is_listed(reached, store):
            return Begun(reach(reached), reached)
    service_asked = _asked_for(offer.dialled, service)
    if service_asked is not None:
        return await _known(offer, service_asked, service, plan, store)
    dialled = Extension(offer.dialled)
    if await _is_listed(dialled, store):
        return Begun(reach(dialled), dialled)
    return Refusal.UNKNOWN


def _asked_for(dialled: str, service: Service) -> Opening | None:
    """Return the service that a number is for; None when it is somebody's own."""
    if dialled in service.spoken:
        return Start()
    if dialled in service.keyed:
        return Keying()
    if dialled[:1] in ("*", "#"):
        by_tone = service.confirm_codes_by is Confirmation.TONE
        return Dialled(dialled, by_tone)
    return None


async def _known(
    offer: Offer, then: Opening, service: Service, plan: NumberPlan, store: Store
) -> Begun:
    """Begin with a caller who is known, or by asking who it is."""
    match await who_calls(offer.caller, store, plan):
        case Inside(extension):
            return Begun(answer(then, service.earcon), offer.dialled, extension)
        case Mobile(extension) if not service.mobile_needs_pin:
            return Begun(answer(then, service.earcon), offer.dialled, extension)
        case Mobile(extension):
            return Begun(ask_pin(then, extension), offer.dialled)
        case _:
            return Begun(ask_who(then), offer.dialled)


async def _is_listed(extension: Extension, store: Store) -> bool:
    try:
        await store.directory.find(extension)
    except UnknownExtensionError:
        return False
    return True
