"""/api/v1/transcripts: calls, and what was said in them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.store.calls_port import CallId
from voice.store.port import UnknownCallError
from voice.store.search_port import CallsFound, CallsWanted
from voice.web.api import shown
from voice.web.api.answers import answered
from voice.web.api.cursors import cursor as written
from voice.web.api.document import READS
from voice.web.api.instants import Instant
from voice.web.api.keyed import ReadsTranscripts
from voice.web.api.pages import Cursor, Limit, after, stale
from voice.web.api.problems import ProblemError
from voice.web.api.shapes import NUMBER, Calls, Transcript
from voice.web.rendering import house_of

routes = APIRouter(prefix="/api/v1", tags=["transcripts"])
_LIST, _OF_ONE = "calls", "turns"
# No store takes a NUL.
_TEXT = r"^[^\x00]*$"

Text = Annotated[
    str,
    Query(
        pattern=_TEXT,
        max_length=200,
        description="All its words were said; the last one may be unfinished.",
        examples=["semester"],
    ),
]
Since = Annotated[Instant | None, Query(description="They began then or later.")]
Until = Annotated[Instant | None, Query(description="They began before.")]
Caller = Annotated[
    str | None, Query(pattern=NUMBER, description="Who called.", examples=["1234"])
]
Misunderstood = Annotated[
    bool, Query(description="Only where something was missed or doubtful.")
]


@routes.get("/transcripts", response_model=Calls, responses=READS)
async def transcripts(  # noqa: PLR0913 - each is something that calls are found by
    request: Request,
    key: ReadsTranscripts,
    text: Text = "",
    since: Since = None,
    until: Until = None,
    extension: Caller = None,
    misunderstood: Misunderstood = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Calls that were taken, the newest first. Scope: `transcripts:read`."""
    last = after(_LIST, cursor)
    wanted = CallsWanted(
        text=text,
        since=since,
        until=until,
        extension=None if extension is None else Extension(extension),
        misunderstood=misunderstood,
    )
    found = await _found(request, wanted, last, limit)
    calls = tuple(map(shown.call, found.calls))
    next = written(_LIST, calls[-1].id) if found.more else None
    return answered(request, Calls(calls=calls, next=next))


async def _found(
    request: Request, wanted: CallsWanted, last: str | None, limit: int
) -> CallsFound:
    search = house_of(request).store.search
    if last is None:
        return await search.find(wanted, limit=limit)
    try:
        return await search.find(wanted, CallId(last), limit)
    except UnknownCallError:
        # It has been erased since: the list is begun anew.
        raise ProblemError(stale()) from None


@routes.get("/transcripts/{id}", response_model=Transcript, responses=READS)
async def transcript(
    request: Request,
    key: ReadsTranscripts,
    id: Annotated[str, Path(pattern=r"^[^\x00/]+$", max_length=128)],
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What was said in one call, also while it goes on. Scope: `transcripts:read`."""
    search, call = house_of(request).store.search, CallId(id)
    first = _first(after(_OF_ONE, cursor))
    found = await search.call(call)
    there = await search.turns(call, first, limit + 1)
    more = len(there) > limit
    return answered(
        request,
        Transcript(
            call=shown.call(found),
            turns=shown.turns(there[:limit]),
            next=written(_OF_ONE, str(first + limit)) if more else None,
        ),
    )


def _first(last: str | None) -> int:
    if last is None:
        return 0
    if not last.isdecimal() or len(last) > 9:
        raise ProblemError(stale())
    return int(last)
