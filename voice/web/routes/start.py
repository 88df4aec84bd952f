"""Min startsida: one's own divert."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.web.guard import AsPerson
from voice.web.pages.start import start_page
from voice.web.rendering import house_of, render

routes = APIRouter(include_in_schema=False)


@routes.get("/")
async def start(request: Request, visitor: AsPerson) -> Response:
    """Show what stands on the visitor's own phone."""
    house = house_of(request)
    if visitor.extension is None:
        return render(request, "start.html", page=None)
    listing = await house.store.directory.find(visitor.extension)
    stands = await house.store.diverts.standing(visitor.extension)
    page = start_page(listing, stands, house.catalog, house.site, house.now())
    return render(request, "start.html", page=page)
