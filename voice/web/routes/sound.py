"""The sound of a call, where a site keeps any: whoever listens is on the trail."""

from collections import OrderedDict
from typing import cast

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from voice.divert.model import Extension
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import CallId
from voice.web.guard import AsOperator
from voice.web.rendering import house_of
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)

_MOST = 5000


class Listeners:
    """Who has begun to listen to what: a player asks for a sound piece by piece."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def knows(self, session: str, call: str) -> bool:
        """Tell whether somebody listens to a call already."""
        return (session, call) in self._known

    def add(self, session: str, call: str) -> None:
        """Remember that somebody listens to a call."""
        self._known[session, call] = None
        while len(self._known) > _MOST:
            self._known.popitem(last=False)


@routes.get("/samtal/{id}/ljud")
async def sound(request: Request, visitor: AsOperator, id: str) -> Response:
    """Give the sound of a call, whole or by ranges."""
    call = CallId(id)
    file = await house_of(request).tapes.find(call)
    if file is None:
        raise HTTPException(404)
    await _note(request, visitor, call)
    return FileResponse(file, media_type="audio/wav")


async def _note(request: Request, visitor: Visitor, call: CallId) -> None:
    listeners = cast(Listeners, request.app.state.listeners)
    if listeners.knows(visitor.session, call):
        return
    house = house_of(request)
    entry = AuditEntry(
        house.now(), Extension(""), visitor.login, "CallHeard", (), (), call
    )
    await house.store.audit.note(entry)
    listeners.add(visitor.session, call)
