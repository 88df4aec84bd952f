"""Calendars: whose a phone follows, as administrators say."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.store.links_port import Link, LinkKind
from voice.web.administration import NotKeptError
from voice.web.drawers import Message
from voice.web.forms import Form, read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand, with_remnants
from voice.web.notices import done
from voice.web.pages.people import PATH, calendar_seal, path_of
from voice.web.rendering import house_of
from voice.web.routes.people import show

routes = APIRouter(include_in_schema=False)


@routes.post(f"{PATH}/{{number}}/kalender")
async def follow(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Let a phone follow its owner's calendar."""
    house, form = house_of(request), await read_form(request)
    extension = (await house.store.directory.find(Extension(number))).extension
    try:
        link = _link(extension, form)
        if not await _is_as_shown(request, extension, form):
            raise NotKeptError(form="calendar.meanwhile")
        left = await house.administration.calendars.link(link, hand(visitor))
    except NotKeptError as error:
        blame(request, form, error)
        return await show(request, extension, 422)
    message = with_remnants(request, "calendar.linked", {"number": extension}, left)
    return done(request, visitor, path_of(extension), message)


@routes.post(f"{PATH}/{{number}}/kalender/ta-bort")
async def leave(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Let a phone follow no calendar."""
    house, form = house_of(request), await read_form(request)
    extension = (await house.store.directory.find(Extension(number))).extension
    if not await _is_as_shown(request, extension, form):
        message = Message("calendar.meanwhile", is_fault=True)
        return done(request, visitor, path_of(extension), message)
    try:
        left = await house.administration.calendars.unlink(extension, hand(visitor))
    except NotKeptError as error:
        blame(request, form, error)
        return await show(request, extension, 503)
    message = with_remnants(request, "calendar.unlinked", {"number": extension}, left)
    return done(request, visitor, path_of(extension), message)


async def _is_as_shown(request: Request, extension: Extension, form: Form) -> bool:
    """Tell whether the calendar is the one that the page was made for."""
    links = await house_of(request).store.links.list(extension)
    return form.text("seal") == calendar_seal(links)


def _link(extension: Extension, form: Form) -> Link:
    try:
        kind = LinkKind(form.text("kind"))
    except ValueError:
        raise NotKeptError(kind="calendar.bad_kind") from None
    return Link(extension, kind, form.text("address"), form.text("owner"))
