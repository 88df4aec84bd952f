"""One person in Internkatalog, whose phone operators can set right."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import ClearDivert, Extension, Refused, UndoChange
from voice.store.accounts_port import Role
from voice.web.behalf import Behalf, behalf
from voice.web.errors import ChangedMeanwhileError
from voice.web.guard import AsOperator, AsPerson
from voice.web.pages.colleague import LATEST, ColleaguePage, desk
from voice.web.pages.directory import Eyes, path_of
from voice.web.pages.seals import sealed
from voice.web.pages.trail import PATH as TRAIL
from voice.web.pages.wishes import Fault, new_divert
from voice.web.rendering import house_of, render
from voice.web.routes.directory import eyes_of
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)

# The refusals that are about the time that is filled in.
_UNTIL = ("until_has_passed", "until_before_start")


@routes.get("/katalog/{number}")
async def colleague(request: Request, visitor: AsPerson, number: str) -> Response:
    """Show somebody, and how they can be reached."""
    return await _show(request, visitor, Extension(number))


@routes.post("/katalog/{number}/oppna")
async def clear(request: Request, visitor: AsOperator, number: str) -> Response:
    """Clear the one divert that was shown, if it stands as it did."""
    asked = await behalf(request, visitor, number)
    stands = await house_of(request).store.diverts.standing(asked.extension)
    only = sealed(stands.diverts, asked.form.text("divert"))
    if only is None:
        return asked.is_changed()
    return asked.told(await asked.obey(ClearDivert(asked.extension, only=only)))


@routes.post("/katalog/{number}/angra")
async def undo(request: Request, visitor: AsOperator, number: str) -> Response:
    """Take back the last change, if it is the one that was shown."""
    asked = await behalf(request, visitor, number)
    try:
        return asked.told(await asked.obey(UndoChange(asked.extension), asked.check))
    except ChangedMeanwhileError:
        return asked.is_changed()


@routes.post("/katalog/{number}/satt")
async def put(request: Request, visitor: AsOperator, number: str) -> Response:
    """Set a divert; one that may have been read otherwise than meant is shown first."""
    asked = await behalf(request, visitor, number)
    read = new_divert(asked.wish, asked.here, house_of(request).catalog)
    if isinstance(read, Fault):
        return await _blamed(asked, **{read.field: read.key})
    wanted = asked.teller.wanted(read.command)
    if not read.sure and asked.form.text("sure") != wanted:
        return await _show(request, visitor, asked.extension, asked, doubt=wanted)
    try:
        event = await asked.obey(read.command, asked.check)
    except ChangedMeanwhileError:
        return await _blamed(asked, form="colleague.changed")
    if isinstance(event, Refused):
        field = "until" if event.why in _UNTIL else "form"
        return await _blamed(asked, **{field: f"refused.{event.why}"})
    return asked.told(event)


async def _blamed(asked: Behalf, **faults: str) -> Response:
    blamed = replace(asked, form=asked.form.blamed(**faults))
    return await _show(asked.request, asked.visitor, asked.extension, blamed)


async def _show(
    request: Request,
    visitor: Visitor,
    extension: Extension,
    asked: Behalf | None = None,
    doubt: str = "",
) -> Response:
    """Show somebody's page; with a form that was not carried out, also that."""
    eyes = eyes_of(request, visitor)
    if asked is not None:
        request.state.form = asked.form
    page = await _read(request, extension, eyes)
    trail = f"{TRAIL}?anknytning={extension}" if visitor.may(Role.ADMINISTRATOR) else ""
    status = 200 if asked is None else 422
    return render(
        request, "colleague.html", status, page=page, doubt=doubt, trail=trail
    )


async def _read(request: Request, extension: Extension, eyes: Eyes) -> ColleaguePage:
    store = house_of(request).store
    listing = await store.directory.find(extension)
    stands = await store.diverts.standing(extension)
    page = ColleaguePage(listing, path_of(extension), eyes.state(stands), None)
    if not eyes.is_operator:
        return page
    links = await store.links.list(extension)
    changes = await store.audit.entries(extension, LATEST)
    return replace(page, desk=desk(stands, links, changes, eyes))
