"""The settings file: trusted peers and retention, as administrators change them."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.web.administration import FileShown, NotKeptError, UnusableError
from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand
from voice.web.notices import done
from voice.web.rendering import house_of, render

PATH = "/installningar/tjansten"

routes = APIRouter(include_in_schema=False)


@routes.get(PATH)
async def site(request: Request, visitor: AsAdministrator) -> Response:
    """Show what of the settings file can be changed here."""
    return await _show(request)


@routes.post(PATH)
async def change(request: Request, visitor: AsAdministrator) -> Response:
    """Write what is filled in, if the file is what was shown."""
    house, form = house_of(request), await read_form(request)
    desk = house.administration.settings
    shown = await _read(request)
    filled = {each.name: form.text(each.name) for each in shown.settings}
    seal, by = form.text("seal"), hand(visitor)
    try:
        is_changed = await desk.write(seal, filled, house.now(), by)
    except NotKeptError as error:
        blame(request, form, error)
        return await _show(request, 422)
    except ChangedMeanwhileError:
        request.state.form = form.blamed(form="site_file.stale")
        return await _show(request, 409, is_stale=True)
    except UnusableError as error:
        request.state.form = form.blamed(form="site_file.unusable")
        return await _show(request, 422, told=str(error))
    key = "site_file.saved" if is_changed else "site_file.same"
    return done(request, visitor, PATH, Message(key, {"file": shown.file}))


async def _read(request: Request) -> FileShown:
    try:
        shown = await house_of(request).administration.settings.read()
    except UnusableError:
        shown = None
    if shown is None:
        raise HTTPException(409)
    return shown


async def _show(
    request: Request, status: int = 200, told: str = "", is_stale: bool = False
) -> Response:
    shown = None
    try:
        shown = await house_of(request).administration.settings.read()
    except UnusableError as error:
        told = told or str(error)
    return render(
        request, "site.html", status, shown=shown, told=told, is_stale=is_stale
    )
