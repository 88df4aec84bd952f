"""What happens in calls, sent to whoever looks as soon as it is known."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from voice.store.calls_port import CallId
from voice.store.live_port import News, What
from voice.store.port import StoreError
from voice.store.search_port import CallsWanted
from voice.web import sessions
from voice.web.call_reading import going_on, names_of
from voice.web.errors import TooManyViewersError
from voice.web.guard import AsOperator
from voice.web.live import Feed, Viewer
from voice.web.pages.call import AT_ONCE
from voice.web.pages.calls import Names, head
from voice.web.pages.turns import line
from voice.web.pieces import Pieces
from voice.web.rendering import house_of, pages_of, words_of
from voice.web.routes.call import first_turn
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)

# Whoever has gone is noticed by something being sent, and whoever is logged out too.
_BEAT_SECONDS = 15.0
_PATIENCE_SECONDS = 5.0
_AGAIN = "retry: 3000\n\n"
_OVER = "event: over\ndata:\n\n"
_BEAT = ": \n\n"
_HEADERS = {"X-Accel-Buffering": "no"}
_BLOCKS = {
    What.BEGAN: "began",
    What.IDENTIFIED: "identified",
    What.SPOKE: "spoke",
    What.ENDED: "ended",
}


@dataclass(frozen=True, slots=True)
class _View:
    """What somebody looks at: where its pieces are, and how it is now."""

    template: str
    whole: Callable[[], Awaitable[str]]
    call: CallId | None = None
    """The one call that is looked at; None for all."""


@routes.get("/samtal/live")
async def live(request: Request, visitor: AsOperator) -> Response:
    """Tell what happens in all calls."""

    async def whole() -> str:
        going = await going_on(request, CallsWanted(going_on=True))
        return pages_of(request).part(request, "calls.html", "going", {"going": going})

    return _stream(request, visitor, _View("live.html", whole))


@routes.get("/samtal/{id}/live")
async def live_call(request: Request, visitor: AsOperator, id: str) -> Response:
    """Tell what happens in one call; first what was said after the page was made."""
    call, search = CallId(id), house_of(request).store.search
    await search.call(call)
    after = first_turn(request)

    async def whole() -> str:
        found = (await search.call(call)).call
        what = What.IDENTIFIED if found.ended is None else What.ENDED
        turns = await search.turns(call, after, AT_ONCE)
        news = [News(What.SPOKE, found, t, n) for n, t in enumerate(turns, after)]
        pieces = [await _piece(request, view, n) for n in (*news, News(what, found))]
        return "\n".join(pieces)

    view = _View("live_call.html", whole, call)
    return _stream(request, visitor, view)


def _stream(request: Request, visitor: Visitor, view: _View) -> Response:
    events = _events(request, visitor, view)
    return StreamingResponse(events, 200, _HEADERS, "text/event-stream")


async def _events(
    request: Request, visitor: Visitor, view: _View
) -> AsyncIterator[str]:
    """Yield how it is and what happens then; a browser whose events end asks again."""
    yield _AGAIN
    feed = cast(Feed, request.app.state.feed)
    try:
        async with feed.viewing(_PATIENCE_SECONDS, visitor.login) as viewer:
            yield _event(await view.whole())
            async for piece in _pieces(request, visitor, view, viewer):
                yield piece
    except (TimeoutError, StoreError, TooManyViewersError):
        return


async def _pieces(
    request: Request, visitor: Visitor, view: _View, viewer: Viewer
) -> AsyncIterator[str]:
    house = house_of(request)
    looked = house.now()
    while not viewer.is_behind:
        news = await viewer.next(_BEAT_SECONDS)
        if (house.now() - looked).total_seconds() >= _BEAT_SECONDS or news is None:
            looked = house.now()
            if not await _is_logged_in(request, visitor):
                yield _OVER
                return
        if news is None:
            yield _BEAT
        elif view.call in (None, news.call.id):
            yield _event(await _piece(request, view, news))


async def _is_logged_in(request: Request, visitor: Visitor) -> bool:
    """Tell whether the session holds; to look on is no sign of life."""
    house = house_of(request)
    limits = sessions.limits(house.settings)
    kept = house.store.sessions
    return await kept.find(visitor.session, limits, house.now()) is not None


async def _piece(request: Request, view: _View, news: News) -> str:
    call = news.call
    names: Names = {}
    if news.what is not What.SPOKE and call.caller is not None:
        names = await names_of(request, (call.caller,))

    def make() -> str:
        said = None
        if news.turn is not None and news.number is not None:
            said = line(news.turn, news.number, house_of(request).discretion)
        values = {"head": head(call, names), "line": said}
        block = _BLOCKS[news.what]
        return pages_of(request).part(request, view.template, block, values)

    words = words_of(request)
    key = (view.template, words.language, news, *names.values())
    return cast(Pieces, request.app.state.pieces).get(key, make)


def _event(piece: str) -> str:
    # A line of its own for each of the text's: an empty one would end the event.
    lines = "".join(f"data: {line}\n" for line in piece.splitlines())
    return f"{lines or 'data:'}\n"
