"""PINs: given, unlocked and taken away, and never shown."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.web.administration import NotKeptError
from voice.web.drawers import Message
from voice.web.forms import read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand
from voice.web.notices import done
from voice.web.pages.people import PATH, path_of, pin_seal
from voice.web.rendering import house_of
from voice.web.routes.people import show, told

routes = APIRouter(include_in_schema=False)


@routes.post(f"{PATH}/{{number}}/pin")
async def give(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Give an extension a new PIN, which also unlocks it."""
    house, form = house_of(request), await read_form(request)
    listing = await house.store.directory.find(Extension(number))
    extension, pin = listing.extension, form.text("new_pin")
    people, by = house.administration.people, hand(visitor)
    try:
        if not await _is_as_shown(request, extension):
            raise NotKeptError(form="people.pin_stale")
        await people.set_pin(extension, pin, house.now(), by)
    except NotKeptError as error:
        blame(request, form, error)
        return await show(request, extension, 422)
    return told(request, visitor, extension, "people.pin_set")


@routes.post(f"{PATH}/{{number}}/pin/las-upp")
async def unlock(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Forget the wrong tries of a PIN."""
    house, extension = house_of(request), Extension(number)
    people, by = house.administration.people, hand(visitor)
    await people.unlock_pin(extension, house.now(), by)
    return told(request, visitor, extension, "people.pin_unlocked")


@routes.post(f"{PATH}/{{number}}/pin/ta-bort")
async def take(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Take a PIN away: then the extension is known from its own phones only."""
    house, extension = house_of(request), Extension(number)
    await house.store.directory.find(extension)
    if not await _is_as_shown(request, extension):
        message = Message("people.pin_stale", is_fault=True)
        return done(request, visitor, path_of(extension), message)
    await house.administration.people.take_pin(extension, house.now(), hand(visitor))
    return told(request, visitor, extension, "people.pin_taken")


async def _is_as_shown(request: Request, extension: Extension) -> bool:
    """Tell whether the PIN is the one that the page was made for."""
    kept = await house_of(request).store.credentials.find(extension)
    return (await read_form(request)).text("seal") == pin_seal(kept)
