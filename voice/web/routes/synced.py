"""Katalogtjänst: the site's directory server, looked at and followed at once."""

import asyncio

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.store.audit_port import ChangesWanted
from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import hand, with_remnants
from voice.web.notices import done
from voice.web.pages.settings import seal
from voice.web.pages.synced import EVENT, PATH, REVIEW, fetched_page, synced_page
from voice.web.pages.trail import changes_of
from voice.web.rendering import house_of, render
from voice.web.staff_port import DirectoryDesk, ServerFaultError

_HISTORY = 5

routes = APIRouter(include_in_schema=False)


@routes.get(PATH)
async def synced(request: Request, visitor: AsAdministrator) -> Response:
    """Show when the directory server was looked at, and what that changed."""
    house = house_of(request)
    health, counted, found = await asyncio.gather(
        house.health(),
        house.metrics(),
        house.store.audit.find(ChangesWanted(event=EVENT), None, _HISTORY),
    )
    desk, changes = house.administration.directory, changes_of(found, house.discretion)
    page = synced_page(desk, health, counted, changes)
    return render(request, "synced.html", page=page)


@routes.get(REVIEW)
async def review(request: Request, visitor: AsAdministrator) -> Response:
    """Show what the directory server would change now."""
    try:
        found = await _desk(request).read()
    except ServerFaultError as error:
        return render(request, "synced_review.html", 502, page=None, why=str(error))
    sealed = seal(found.changes)
    return render(
        request, "synced_review.html", page=fetched_page(found), seal=sealed, why=""
    )


@routes.post(REVIEW)
async def carry_out(request: Request, visitor: AsAdministrator) -> Response:
    """Change the directory as was shown; show it anew where it would be otherwise."""
    house, form, desk = house_of(request), await read_form(request), _desk(request)
    otherwise = Message("synced.otherwise", is_fault=True)
    try:
        found = await desk.read()
        if form.text("seal") != seal(found.changes):
            return done(request, visitor, REVIEW, otherwise)
        if found.changes.is_half and not form.text("half"):
            return done(request, visitor, REVIEW, Message("synced.tick", is_fault=True))
        left = await desk.carry_out(found, house.now(), hand(visitor))
    except ServerFaultError as error:
        return render(request, "synced_review.html", 502, page=None, why=str(error))
    except ChangedMeanwhileError:
        return done(request, visitor, REVIEW, otherwise)
    it = found.changes
    counts = {"added": len(it.added), "changed": len(it.changed), "gone": len(it.gone)}
    told = {name: str(count) for name, count in counts.items()}
    message = with_remnants(request, "synced.done", told, left)
    return done(request, visitor, PATH, message)


def _desk(request: Request) -> DirectoryDesk:
    desk = house_of(request).administration.directory
    if not desk.address:
        raise HTTPException(404)
    return desk
