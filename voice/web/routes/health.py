"""Läge: how the service, its hearing and people's calendars are."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.walltime import local
from voice.store.accounts_port import Role
from voice.web.call_reading import names_of
from voice.web.figures import read_figures
from voice.web.guard import AsOperator
from voice.web.pages.followed import MOST, STALE, Followed, followed
from voice.web.pages.health import (
    PERIODS,
    HearingPage,
    asked,
    hearing_page,
    parts,
    since,
)
from voice.web.rendering import house_of, render

routes = APIRouter(include_in_schema=False)


@routes.get("/lage")
async def health(request: Request, visitor: AsOperator) -> Response:
    """Show how all of it is, also where the service does not answer."""
    house = house_of(request)
    answer, counted, versions = await asyncio.gather(
        house.health(), house.metrics(), house.administration.versions()
    )
    return render(
        request,
        "health.html",
        parts=parts(answer),
        figures=read_figures(counted),
        versions=versions,
        page=await _hearing(request),
        followed=await _followed(request),
        periods=PERIODS,
        reasons={code: word.label for code, word in house.catalog.wordings.items()},
        is_administrator=visitor.may(Role.ADMINISTRATOR),
    )


async def _hearing(request: Request) -> HearingPage:
    house = house_of(request)
    wanted = asked(request.query_params, house.catalog.places)
    until, counts = local(house.now()).date(), house.store.counts
    first = since(until, wanted)
    return hearing_page(
        await counts.understanding(first, until),
        await counts.outcomes(first, until),
        wanted,
        until,
    )


async def _followed(request: Request) -> Followed:
    house = house_of(request)
    now = house.now()
    found = await house.store.readings.of_all(now - STALE, MOST)
    names = await names_of(request, [each.link.extension for each in found.worst])
    return followed(found, names, now)
