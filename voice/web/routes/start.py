"""Min startsida: one's own divert."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.web.errand import owner_of
from voice.web.guard import AsPerson
from voice.web.pages.start import start_page
from voice.web.rendering import house_of, render

routes = APIRouter(include_in_schema=False)


@routes.get("/")
async def start(request: Request, visitor: AsPerson) -> Response:
    """Show what stands on the visitor's own phone."""
    if visitor.extension is None:
        return render(request, "start.html", page=None)
    owner, house = await owner_of(request, visitor.extension), house_of(request)
    page = start_page(owner, house.catalog, house.site, house.now())
    return render(request, "start.html", page=page)
