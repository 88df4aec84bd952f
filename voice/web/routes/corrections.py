"""Setting right what a call did wrong, on behalf of whoever called."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import (
    ClearDivert,
    Command,
    Extension,
    Refused,
    Source,
    UndoChange,
)
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import Call, CallId
from voice.web.drawers import Message
from voice.web.forms import read_form
from voice.web.guard import AsOperator
from voice.web.notices import done
from voice.web.pages.call import CORRECTED
from voice.web.pages.calls import path_of
from voice.web.pages.correction import meant, setting
from voice.web.rendering import house_of
from voice.web.routes.call import show
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who sets right which call."""

    request: Request
    visitor: Visitor
    call: Call
    extension: Extension


@routes.post("/samtal/{id}/angra")
async def undo(request: Request, visitor: AsOperator, id: str) -> Response:
    """Take the last change on the caller's phone back."""
    who = await _asked(request, visitor, CallId(id))
    return await _obeyed(who, UndoChange(who.extension))


@routes.post("/samtal/{id}/oppna")
async def clear(request: Request, visitor: AsOperator, id: str) -> Response:
    """Clear the one divert that was shown, if it stands as it was."""
    who, form = await _asked(request, visitor, CallId(id)), await read_form(request)
    house = house_of(request)
    stands = await house.store.diverts.standing(who.extension)
    only = meant(form.text("divert"), stands, house.now())
    if only is None:
        return _told(who, Message("call.stands_no_more", is_fault=True))
    return await _obeyed(who, ClearDivert(who.extension, only=only))


@routes.post("/samtal/{id}/satt")
async def put(request: Request, visitor: AsOperator, id: str) -> Response:
    """Set the divert that was meant."""
    who, form = await _asked(request, visitor, CallId(id)), await read_form(request)
    house, reason = house_of(request), form.text("orsak")
    if reason not in house.catalog.wordings:
        request.state.form = form.blamed(orsak="call.bad_reason")
        return await show(request, who.call.id, 422)
    command = setting(who.extension, reason, form.text("ater"), house.now())
    if command is None:
        request.state.form = form.blamed(ater="call.bad_time")
        return await show(request, who.call.id, 422)
    return await _obeyed(who, command)


async def _asked(request: Request, visitor: Visitor, id: CallId) -> _Asked:
    call = (await house_of(request).store.search.call(id)).call
    if call.caller is None:
        raise HTTPException(409)
    return _Asked(request, visitor, call, call.caller)


async def _obeyed(who: _Asked, command: Command) -> Response:
    """Pass the one door, and write down whose hand it was and for which call."""
    house = house_of(who.request)
    event = await house.obey(
        command, house.now(), Source.OPERATOR, name=who.visitor.login
    )
    if isinstance(event, Refused):
        told = house.catalog.prompts.get(event.why, event.why)
        return _told(who, Message("call.refused", {"why": told}, is_fault=True))
    name = type(event).__name__
    entry = AuditEntry(
        at=house.now(),
        extension=who.extension,
        by=who.visitor.login,
        event=CORRECTED,
        before=(),
        after=(),
        subject=who.call.id,
        detail=name,
    )
    await house.store.audit.note(entry)
    return _told(who, Message("call.corrected"))


def _told(who: _Asked, message: Message) -> Response:
    return done(who.request, who.visitor, path_of(who.call.id), message)
