"""One call, to be read."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.store.calls_port import CallId
from voice.web.call_reading import correction_of, names_of, read_call
from voice.web.guard import AsOperator
from voice.web.pages.call import call_page
from voice.web.rendering import house_of, render

routes = APIRouter(include_in_schema=False)

# No call has a turn further on.
_MOST_TURNS = 1_000_000


@routes.get("/samtal/{id}")
async def call(request: Request, visitor: AsOperator, id: str) -> Response:
    """Show a call from one of its turns on."""
    return await show(request, CallId(id), first_turn(request))


async def show(
    request: Request, call: CallId, first: int = 0, status: int = 200
) -> Response:
    """Show a call; also where something that was typed on its page was wrong."""
    house = house_of(request)
    read = await read_call(request, call, first)
    caller = read.found.call.caller
    names = await names_of(request, {caller} if caller else ())
    page = call_page(read, names, house.discretion)
    correction = await correction_of(request, read.found.call)
    sound = await house.tapes.find(call)
    return render(
        request,
        "call.html",
        status,
        page=page,
        correction=correction,
        has_sound=sound is not None,
    )


def first_turn(request: Request) -> int:
    """Return which turn to begin with; people count from one."""
    text = request.query_params.get("tur", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise HTTPException(422)
    return min(max(int(text) - 1, 0), _MOST_TURNS)
