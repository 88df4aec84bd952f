"""Turns marked as misheard, and all of them as a set to try the ears with."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import CallId
from voice.store.marks_port import Misheard
from voice.web.drawers import Message
from voice.web.forms import read_form
from voice.web.guard import AsOperator
from voice.web.notices import done
from voice.web.pages.call import AT_ONCE, can_be_marked
from voice.web.pages.calls import path_of
from voice.web.rendering import house_of
from voice.web.routes.call import show

routes = APIRouter(include_in_schema=False)

_MOST_LETTERS = 500


@routes.get("/samtal/felhort.zip")
async def test_set(request: Request, visitor: AsOperator) -> Response:
    """Give every marked turn, as `telefonist replay` reads them; it is on the trail."""
    house = house_of(request)
    packed = await house.misheard()
    entry = AuditEntry(
        house.now(), Extension(""), visitor.login, "MisheardExported", (), ()
    )
    await house.store.audit.note(entry)
    name = f"felhort-{house.now():%Y%m%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed, headers=headers, media_type="application/zip")


@routes.post("/samtal/{id}/tur/{number}/felhord")
async def mark(request: Request, visitor: AsOperator, id: str, number: int) -> Response:
    """Write down what was said in truth."""
    house, call, form = house_of(request), CallId(id), await read_form(request)
    turns = await house.store.search.turns(call, _within(number), 1)
    if not turns or not can_be_marked(turns[0].who, turns[0].text):
        raise HTTPException(404)
    said = "" if form.text("inget") else " ".join(form.text("sagt").split())
    fault = _fault(said, nothing=bool(form.text("inget")))
    if fault:
        request.state.form = form.blamed(sagt=fault)
        return await show(request, call, _page(number), 422)
    await house.store.marks.put(
        Misheard(call, number, said, visitor.login, house.now())
    )
    return done(request, visitor, _back(call, number), Message("call.is_marked"))


@routes.post("/samtal/{id}/tur/{number}/ratt")
async def unmark(
    request: Request, visitor: AsOperator, id: str, number: int
) -> Response:
    """Take a mark away."""
    house, call = house_of(request), CallId(id)
    await house.store.marks.remove(call, _within(number), house.now(), visitor.login)
    return done(request, visitor, _back(call, number), Message("call.is_unmarked"))


def _fault(said: str, nothing: bool) -> str:
    if not said and not nothing:
        return "call.say_what"
    return "call.said_too_much" if len(said) > _MOST_LETTERS else ""


def _within(number: int) -> int:
    # No database counts further.
    if not 0 <= number < 2**31:
        raise HTTPException(404)
    return number


def _page(number: int) -> int:
    """Return the first turn of the page on which a turn stands."""
    return number // AT_ONCE * AT_ONCE


def _back(call: CallId, number: int) -> str:
    return f"{path_of(call)}?tur={_page(number) + 1}#tur-{number + 1}"
