"""The web, put together: what stands before each page, and the pages."""

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from voice.web.api.entrance import open_api
from voice.web.buckets import Buckets
from voice.web.doorkeeper import Doorkeeper
from voice.web.drawers import Drawers
from voice.web.guard import Guard
from voice.web.live import Feed
from voice.web.names import Names
from voice.web.oidc.farewells import Farewells
from voice.web.oidc.provider import Provider
from voice.web.pieces import Pieces
from voice.web.port import House
from voice.web.refusals import Refusals, refuse
from voice.web.rendering import Pages
from voice.web.routes import (
    accounts,
    calendars,
    call,
    calls,
    colleague,
    corrections,
    directory,
    diverts,
    health,
    live,
    login,
    misheard,
    oidc,
    people,
    persons,
    pins,
    plain,
    programs,
    reasons,
    settings,
    site,
    sound,
    staff,
    start,
    synced,
    trail,
)
from voice.web.staff import Staff
from voice.web.uploads import Uploads

ROUTERS = (
    plain.routes,
    login.routes,
    oidc.routes,
    start.routes,
    diverts.routes,
    directory.routes,
    colleague.routes,
    # Before `call`, which takes whatever follows /samtal/ for a call.
    calls.routes,
    live.routes,
    misheard.routes,
    sound.routes,
    corrections.routes,
    call.routes,
    health.routes,
    trail.routes,
    settings.routes,
    site.routes,
    reasons.routes,
    programs.routes,
    people.routes,
    staff.routes,
    synced.routes,
    persons.routes,
    pins.routes,
    calendars.routes,
    accounts.routes,
)
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
    app.state.provider = Provider.of(house.settings, house.now)
    app.state.farewells = Farewells()
    app.state.tries = Buckets(login.RATE)
    app.state.feed = Feed(house.store.live)
    app.state.staff = everybody = Staff(house.store.directory)
    app.state.names = Names(everybody)
    app.state.uploads = Uploads()
    app.state.pieces = Pieces()
    app.state.listeners = sound.Listeners()
    for routes in ROUTERS:
        app.include_router(routes)
    open_api(app, house.settings)
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
