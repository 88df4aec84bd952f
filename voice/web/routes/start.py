"""Min startsida: one's own divert."""

import re
from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.web.errand import owner_of
from voice.web.forms import Form
from voice.web.guard import AsPerson
from voice.web.pages.start import StandingNow, start_page
from voice.web.rendering import house_of, render
from voice.web.routes.diverts import NEW

_CHANGE = re.compile(r"/hanvisning/([^/]+)/andra")

routes = APIRouter(include_in_schema=False)


@routes.get("/")
async def start(request: Request, visitor: AsPerson) -> Response:
    """Show what stands on the visitor's own phone."""
    if visitor.extension is None:
        return render(request, "start.html", page=None)
    owner, house = await owner_of(request, visitor.extension), house_of(request)
    page = start_page(owner, house.catalog, house.site, house.now())
    _carry_over(request, page.stands)
    return render(request, "start.html", page=page)


def _carry_over(request: Request, stands: StandingNow) -> None:
    """Let what was filled in to change a divert that is gone by now be set anew."""
    form: Form | None = getattr(request.state, "form", None)
    changes = _CHANGE.fullmatch(form.action) if form else None
    shown = {each.seal for each in (stands.now, *stands.coming) if each}
    if form and changes and changes[1] not in shown:
        request.state.form = replace(form, action=NEW)
