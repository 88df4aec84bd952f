"""The web, put together: what stands before each page, and the pages."""

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from voice.web.buckets import Buckets
from voice.web.doorkeeper import Doorkeeper
from voice.web.drawers import Drawers
from voice.web.guard import Guard
from voice.web.port import House
from voice.web.refusals import Refusals, refuse
from voice.web.rendering import Pages
from voice.web.routes import login, plain, start

ROUTERS = (plain.routes, login.routes, start.routes)
"""Every room of the web; a new one is a line here."""


def create_app(house: House) -> FastAPI:
    """Return the web of a house."""
    drawers = Drawers()
    app = FastAPI(
        title="telefonist",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(Guard(drawers))],
    )
    app.state.pages = pages = Pages(house)
    app.state.drawers = drawers
    app.state.tries = Buckets(login.RATE)
    for routes in ROUTERS:
        app.include_router(routes)
    Refusals(drawers).attend(app)
    app.add_middleware(
        Doorkeeper, settings=house.settings, clock=house.now, refuse=refuse
    )
    pages.there = frozenset(
        route.path
        for routes in ROUTERS
        for route in routes.routes
        if isinstance(route, APIRoute)
    )
    return app
