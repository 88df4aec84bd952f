"""Samtal: the calls going on, and those that are looked for."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.store.search_port import CallsFound, CallsWanted
from voice.web.call_reading import going_on, names_of
from voice.web.forms import Form
from voice.web.guard import AsOperator
from voice.web.pages.calls import callers, calls_page
from voice.web.pages.calls_asked import OUTCOMES, SCORES, asked
from voice.web.rendering import (
    address_of,
    house_of,
    render,
    render_part,
    wants_part,
)

AT_ONCE = 50

routes = APIRouter(include_in_schema=False)


@routes.get("/samtal")
async def calls(request: Request, visitor: AsOperator) -> Response:
    """Show the calls that go on, and those that are asked for."""
    wanted = asked(request.query_params)
    found = CallsFound((), more=False)
    if not wanted.faults:
        search = house_of(request).store.search
        found = await search.find(wanted.wanted, wanted.after, AT_ONCE)
    names = await names_of(request, callers([each.call for each in found.calls]))
    is_part = wants_part(request)
    going = () if is_part else await going_on(request, CallsWanted(going_on=True))
    page = calls_page(found, going, wanted, names)
    places = tuple(house_of(request).catalog.places)
    choices = {"outcomes": OUTCOMES, "places": places, "scores": SCORES}
    shown = {"page": page, **choices}
    if is_part:
        return render_part(request, "calls.html", "found", **shown)
    fields = {name: (text,) for name, text in wanted.fields.items()}
    form = Form("/samtal", address_of(request), fields, wanted.faults)
    status = 422 if wanted.faults else 200
    return render(request, "calls.html", status, brought=form, **shown)
