"""The audit trail: who changed what, and when."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.store.audit_port import ChangesFound
from voice.web.forms import Form
from voice.web.guard import AsAdministrator
from voice.web.pages.trail import EVENTS, PATH, asked, hands, trail_page
from voice.web.rendering import (
    address_of,
    house_of,
    render,
    render_part,
    wants_part,
    words_of,
)

AT_ONCE = 50

routes = APIRouter(include_in_schema=False)


@routes.get(PATH)
async def trail(request: Request, visitor: AsAdministrator) -> Response:
    """Show the changes that are asked for, the last one first."""
    house, words = house_of(request), hands(words_of(request))
    wanted = asked(request.query_params, words)
    found = ChangesFound((), more=False)
    if not wanted.faults:
        audit = house.store.audit
        found = await audit.find(wanted.wanted, wanted.before, AT_ONCE)
    page = trail_page(found, wanted, house.discretion)
    if wants_part(request):
        return render_part(request, "trail.html", "found", page=page, asked=wanted)
    fields = {name: (text,) for name, text in wanted.fields.items()}
    form = Form(PATH, address_of(request), fields, wanted.faults)
    status = 422 if wanted.faults else 200
    shown = {"page": page, "asked": wanted, "events": EVENTS, "hands": words}
    return render(request, "trail.html", status, brought=form, **shown)
