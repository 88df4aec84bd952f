"""/api/v1/directory and /api/v1/route: who is there, and where their calls go."""

from bisect import bisect_right
from contextlib import suppress
from itertools import islice
from typing import Annotated, cast

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension, Standing
from voice.store.port import UnknownExtensionError
from voice.web.api.answers import answered, showing
from voice.web.api.document import READS
from voice.web.api.keyed import ReadsDirectory, ReadsRoutes
from voice.web.api.pages import Cursor, Limit, after, part
from voice.web.api.shapes import NUMBER, People, Person, Route
from voice.web.rendering import house_of
from voice.web.staff import Staff

routes = APIRouter(prefix="/api/v1", tags=["directory"])
_LIST = "directory"


@routes.get("/directory", response_model=People, responses=READS)
async def directory(
    request: Request,
    key: ReadsDirectory,
    unit: Annotated[
        str | None,
        Query(max_length=200, description="Only of this unit.", examples=["Skola"]),
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Everybody, with the state of each phone. Scope: `directory:read`."""
    last, by = after(_LIST, cursor) or "", showing(request)
    everybody = await cast(Staff, request.app.state.staff).listed()
    first = bisect_right(everybody, last, key=lambda who: who.extension)
    of_unit = (each for each in everybody[first:] if unit in (None, each.unit))
    there = tuple(islice(of_unit, limit + 1))
    some = part(_LIST, there, lambda who: who.extension, limit)
    diverts = house_of(request).store.diverts
    stands = await diverts.of([who.extension for who in some.there])
    # Who was removed a moment ago may still be among those that are kept in memory.
    people = tuple(
        by.person(who, stands[who.extension])
        for who in some.there
        if who.extension in stands
    )
    return answered(request, People(people=people, next=some.next))


@routes.get("/directory/{extension}", response_model=Person, responses=READS)
async def person(
    request: Request,
    key: ReadsDirectory,
    extension: Annotated[str, Path(pattern=NUMBER, examples=["1234"])],
) -> Response:
    """One person, with the state of the phone. Scope: `directory:read`."""
    store = house_of(request).store
    listing = await store.directory.find(Extension(extension))
    stands = await store.diverts.standing(listing.extension)
    return answered(request, showing(request).person(listing, stands))


@routes.get(
    "/route/{number}", response_model=Route, responses=READS, tags=["exchanges"]
)
async def route(
    request: Request,
    key: ReadsRoutes,
    number: Annotated[
        str,
        Path(
            pattern=r"^\+?[0-9*#]{1,32}$",
            description="What was dialled.",
            examples=["1234"],
        ),
    ],
) -> Response:
    """What an exchange is to do with a call, now. Scope: `routes:read`.

    A number that is nobody's is answered `unknown`, and not by 404: an exchange asks
    for every call.
    """
    stands: Standing | None = None
    with suppress(UnknownExtensionError):
        stands = await house_of(request).store.diverts.standing(Extension(number))
    return answered(request, showing(request).route(number, stands))
