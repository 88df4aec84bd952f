"""Setting right what a call did wrong, on behalf of whoever called."""

from dataclasses import dataclass
from datetime import datetime

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
    Standing,
    UndoChange,
)
from voice.language.times import Moment
from voice.language.understand import Here
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import Call, CallId
from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import Form, read_form
from voice.web.guard import AsOperator
from voice.web.notices import done
from voice.web.pages.call import CORRECTED
from voice.web.pages.calls import path_of
from voice.web.pages.seals import change_seal, sealed
from voice.web.pages.wishes import Fault, Wish, new_divert
from voice.web.port import Check, House
from voice.web.rendering import house_of
from voice.web.routes.call import show
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Errand:
    """Who sets right which call, by what form."""

    request: Request
    visitor: Visitor
    form: Form
    call: Call
    extension: Extension
    now: datetime

    @property
    def house(self) -> House:
        return house_of(self.request)

    @property
    def here(self) -> Here:
        """By whom, and when, the words in the form were written."""
        moment = Moment(self.now, self.house.site.red_days, self.house.catalog.parts)
        return Here("start", self.extension, moment, Source.OPERATOR)

    def check_change(self, standing: Standing) -> None:
        """Raise if a person has changed anything since the page was shown."""
        if self.form.text("change") != change_seal(standing):
            raise ChangedMeanwhileError


@routes.post("/samtal/{id}/angra")
async def undo(request: Request, visitor: AsOperator, id: str) -> Response:
    """Take the last change on the caller's phone back, if it is the one shown."""
    errand = await _begin(request, visitor, CallId(id))
    return await _obeyed(errand, UndoChange(errand.extension), errand.check_change)


@routes.post("/samtal/{id}/oppna")
async def clear(request: Request, visitor: AsOperator, id: str) -> Response:
    """Clear the one divert that was shown, if it stands as it was."""
    errand = await _begin(request, visitor, CallId(id))
    stands = await errand.house.store.diverts.standing(errand.extension)
    only = sealed(stands.diverts, errand.form.text("divert"))
    if only is None:
        return _told(errand, _MEANWHILE)
    return await _obeyed(errand, ClearDivert(errand.extension, only=only))


@routes.post("/samtal/{id}/satt")
async def put(request: Request, visitor: AsOperator, id: str) -> Response:
    """Set the divert that was meant."""
    errand = await _begin(request, visitor, CallId(id))
    form, catalog = errand.form, errand.house.catalog
    wish = Wish(form.text("reason"), form.text("until"))
    asked = new_divert(wish, errand.here, catalog)
    if isinstance(asked, Fault):
        return await _blamed(errand, asked)
    # What may mean something else is not done to somebody who is not there to ask.
    if not asked.sure:
        return await _blamed(errand, Fault("until", "call.doubtful_time"))
    try:
        return await _carried_out(errand, asked.command, errand.check_change)
    except ChangedMeanwhileError:
        return await _blamed(errand, Fault("form", _MEANWHILE.key), 409)


_MEANWHILE = Message("call.stands_no_more", is_fault=True)


async def _begin(request: Request, visitor: Visitor, id: CallId) -> _Errand:
    house, form = house_of(request), await read_form(request)
    call = (await house.store.search.call(id)).call
    if call.caller is None:
        raise HTTPException(409)
    return _Errand(request, visitor, form, call, call.caller, house.now())


async def _blamed(errand: _Errand, fault: Fault, status: int = 422) -> Response:
    errand.request.state.form = errand.form.blamed(**{fault.field: fault.key})
    return await show(errand.request, errand.call.id, status=status)


async def _obeyed(
    errand: _Errand, command: Command, check: Check | None = None
) -> Response:
    """Carry a command out, or say that another was faster."""
    try:
        return await _carried_out(errand, command, check)
    except ChangedMeanwhileError:
        return _told(errand, _MEANWHILE)


async def _carried_out(
    errand: _Errand, command: Command, check: Check | None
) -> Response:
    """Pass the one door, and write down for which call it was."""
    house, name = errand.house, errand.visitor.login
    event = await house.obey(command, errand.now, Source.OPERATOR, name, check)
    if isinstance(event, Refused):
        return _told(errand, Message(f"refused.{event.why}", is_fault=True))
    entry = AuditEntry(
        at=errand.now,
        extension=errand.extension,
        by=name,
        event=CORRECTED,
        before=(),
        after=(),
        subject=errand.call.id,
        detail=type(event).__name__,
    )
    await house.store.audit.note(entry)
    return _told(errand, Message("call.corrected"))


def _told(errand: _Errand, message: Message) -> Response:
    return done(errand.request, errand.visitor, path_of(errand.call.id), message)
