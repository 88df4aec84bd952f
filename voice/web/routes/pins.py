"""PINs: given, unlocked and taken away, and never shown."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.web.administration import NotKeptError
from voice.web.forms import read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand
from voice.web.pages.people import PATH
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
    await house.administration.people.take_pin(extension, house.now(), hand(visitor))
    return told(request, visitor, extension, "people.pin_taken")
