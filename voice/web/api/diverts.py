"""/api/v1/diverts: what stands on phones, seen and changed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Command,
    Extension,
    ReasonCode,
    Refused,
    SetDivert,
    Source,
    UndoChange,
)
from voice.store.keys_port import ApiKey
from voice.web.api.answers import answered, showing, unchanged
from voice.web.api.document import CHANGES, READS, REFUSED
from voice.web.api.keyed import ReadsDiverts, WritesDiverts
from voice.web.api.pages import Cursor, Limit, after, part
from voice.web.api.problems import Fault, Problem, ProblemError
from voice.web.api.repeats import once
from voice.web.api.shapes import (
    CODE,
    NUMBER,
    Changed,
    Done,
    Phone,
    Phones,
    Reasons,
    ToChange,
    ToSet,
)
from voice.web.rendering import house_of

routes = APIRouter(prefix="/api/v1", tags=["diverts"])

Number = Annotated[
    str, Path(pattern=NUMBER, description="An extension.", examples=["1234"])
]
_LIST = "diverts"
# What a question can be mended by; the rest is told by what stands.
_OF_FIELDS = {
    "unknown_reason": "reason",
    "until_has_passed": "until",
    "until_before_start": "until",
}


@routes.get("/reasons", response_model=Reasons, responses=READS)
async def reasons(request: Request, key: ReadsDiverts) -> Response:
    """The reasons to be away that this site has. Scope: `diverts:read`."""
    return answered(request, Reasons(reasons=showing(request).reasons()))


@routes.get("/diverts", response_model=Phones, responses=READS)
async def list_diverts(
    request: Request, key: ReadsDiverts, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    """Every extension on which something stands. Scope: `diverts:read`."""
    last, by = after(_LIST, cursor), showing(request)
    diverts = house_of(request).store.diverts
    first = None if last is None else Extension(last)
    some = part(_LIST, await diverts.diverted(by.now, first, limit + 1), str, limit)
    stands = await diverts.of(some.there)
    phones = tuple(by.phone(extension, there) for extension, there in stands.items())
    return answered(request, Phones(phones=phones, next=some.next))


@routes.get("/diverts/{extension}", response_model=Phone, responses=READS)
async def divert(request: Request, key: ReadsDiverts, extension: Number) -> Response:
    """What stands on an extension. Scope: `diverts:read`."""
    of = Extension(extension)
    stands = await house_of(request).store.diverts.standing(of)
    return answered(request, showing(request).phone(of, stands))


@routes.post("/diverts/{extension}", response_model=Changed, responses=CHANGES)
async def set_divert(
    request: Request, key: WritesDiverts, extension: Number, asked: ToSet
) -> Response:
    """Register an absence. Scope: `diverts:write`."""
    command = SetDivert(
        Extension(extension),
        ReasonCode(asked.reason),
        until=asked.until,
        start=asked.start,
        mode=asked.mode,
        source=Source.WEB,
    )
    return await once(request, key, lambda: _obeyed(request, key, command, Done.SET))


@routes.patch("/diverts/{extension}", response_model=Changed, responses=CHANGES)
async def change_divert(
    request: Request, key: WritesDiverts, extension: Number, asked: ToChange
) -> Response:
    """Give the divert that counts another reason or end. Scope: `diverts:write`."""
    if asked.until is not None and asked.minutes is not None:
        raise ProblemError(Problem(422, "two_ends", (Fault("minutes", "wrong"),)))
    command = ChangeDivert(
        Extension(extension),
        None if asked.reason is None else ReasonCode(asked.reason),
        asked.to,
        Source.WEB,
    )
    return await once(
        request, key, lambda: _obeyed(request, key, command, Done.CHANGED)
    )


@routes.delete("/diverts/{extension}", response_model=Changed, responses=CHANGES)
async def clear_diverts(
    request: Request,
    key: WritesDiverts,
    extension: Number,
    reason: Annotated[
        str | None, Query(pattern=CODE, description="Only of this reason.")
    ] = None,
) -> Response:
    """Open a phone that is diverted now. Scope: `diverts:write`."""
    code = None if reason is None else ReasonCode(reason)
    command = ClearDivert(Extension(extension), code)
    return await once(
        request, key, lambda: _obeyed(request, key, command, Done.CLEARED)
    )


@routes.post("/diverts/{extension}/undo", response_model=Changed, responses=CHANGES)
async def undo(request: Request, key: WritesDiverts, extension: Number) -> Response:
    """Take back a person's last change, for ten minutes. Scope: `diverts:write`."""
    command = UndoChange(Extension(extension))
    return await once(request, key, lambda: _obeyed(request, key, command, Done.UNDONE))


async def _obeyed(
    request: Request, key: ApiKey, command: Command, done: Done
) -> Changed:
    """Carry a command out, and return what stands after it."""
    house, of = house_of(request), command.extension
    check = unchanged(request, of)
    # No login has a space: a program's name is nobody's.
    name = f"api {key.name}"
    event = await house.obey(command, house.now(), Source.WEB, name, check)
    if isinstance(event, Refused):
        raise ProblemError(_refused(event.why))
    stands = await house.store.diverts.standing(of)
    return Changed(done=done, phone=showing(request).phone(of, stands))


def _refused(why: str) -> Problem:
    field = _OF_FIELDS.get(why)
    if field is not None:
        return Problem(422, why, (Fault(field, "wrong"),))
    return Problem(409, why if why in REFUSED else "conflict")
