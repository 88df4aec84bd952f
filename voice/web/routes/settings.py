"""Inställningar: where all that administrators can set is found."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.web.guard import AsAdministrator
from voice.web.pages.settings import ways
from voice.web.rendering import pages_of, render

routes = APIRouter(include_in_schema=False)


@routes.get("/installningar")
async def settings(request: Request, visitor: AsAdministrator) -> Response:
    """Show the ways to all settings."""
    return render(request, "settings.html", found=ways(pages_of(request).there))
