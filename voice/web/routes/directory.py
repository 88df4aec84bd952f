"""Internkatalog: everybody, found as somebody types."""

from collections.abc import Mapping
from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension, Standing
from voice.store.accounts_port import Role
from voice.store.port import Diverts
from voice.web.guard import AsPerson
from voice.web.pages.directory import (
    AT_ONCE,
    Eyes,
    asked,
    directory_page,
    odd_ones,
)
from voice.web.rendering import house_of, render, render_part, wants_part
from voice.web.staff import Staff
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)
_AT_A_TIME = 500


@routes.get("/katalog")
async def directory(request: Request, visitor: AsPerson) -> Response:
    """Show those who are looked for, and how each can be reached."""
    eyes, store = eyes_of(request, visitor), house_of(request).store
    wanted = asked(request.query_params, eyes.is_operator)
    found = await cast(Staff, request.app.state.staff).find(wanted.text)
    if wanted.odd:
        found = odd_ones(found, await _diverted(store.diverts, eyes), eyes)
    some = [each.extension for each in found[wanted.first :][:AT_ONCE]]
    stand = await store.diverts.of(some)
    links = await store.links.list(*some) if some and eyes.is_operator else ()
    page = directory_page(wanted, found, stand, links, eyes)
    if wants_part(request):
        return render_part(request, "directory.html", "found", page=page)
    return render(request, "directory.html", page=page)


async def _diverted(diverts: Diverts, eyes: Eyes) -> Mapping[Extension, Standing]:
    """Return what stands on all who have anything, read little by little."""
    stand: dict[Extension, Standing] = {}
    last: Extension | None = None
    # Others are answered in between.
    while some := await diverts.diverted(eyes.now, last, _AT_A_TIME):
        stand |= await diverts.of(some)
        last = some[-1]
    return stand


def eyes_of(request: Request, visitor: Visitor) -> Eyes:
    """Return by whose eyes the directory is seen."""
    house, is_operator = house_of(request), visitor.may(Role.OPERATOR)
    sees_all = house.settings.operators_see_all
    return Eyes(house.catalog, house.site, house.now(), is_operator, sees_all)
