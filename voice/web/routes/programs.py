"""Andra program: the keys by which they ask, and the addresses that are called."""

from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.store.hooks_port import HookEvent
from voice.store.keys_port import ApiKey, Scope
from voice.web.administration import NotKeptError
from voice.web.drawers import Message
from voice.web.forms import Form, read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand
from voice.web.notices import done
from voice.web.rendering import house_of, render

PATH = "/installningar/program"
_MOST_DAYS = 3650

routes = APIRouter(include_in_schema=False)


@routes.get(PATH)
async def programs(request: Request, visitor: AsAdministrator) -> Response:
    """Show the keys and hooks there are, and no secret."""
    return await _show(request)


@routes.post(f"{PATH}/nyckel")
async def give(request: Request, visitor: AsAdministrator) -> Response:
    """Make a key, and show it this once: it is kept nowhere."""
    house, form = house_of(request), await read_form(request)
    try:
        key = _key(request, form)
        desk = house.administration.programs
        secret = await desk.give_key(key, house.now(), hand(visitor))
    except NotKeptError as error:
        blame(request, form, error)
        return await _show(request, 422)
    return await _show(request, secret=secret, of=key.name)


@routes.post(f"{PATH}/nyckel/ta-bort")
async def take(request: Request, visitor: AsAdministrator) -> Response:
    """Let a key open nothing any more."""
    house, name = house_of(request), (await read_form(request)).text("name")
    await house.store.keys.remove(name, house.now(), hand(visitor))
    return done(request, visitor, PATH, Message("programs.removed", {"name": name}))


@routes.post(f"{PATH}/webhook")
async def add(request: Request, visitor: AsAdministrator) -> Response:
    """Call an address from now on, and show once what the calls are signed with."""
    house, form = house_of(request), await read_form(request)
    events = [each for each in HookEvent if each.value in form.all("event")]
    desk, url = house.administration.programs, form.text("url")
    try:
        hook = await desk.add_hook(url, events, house.now(), hand(visitor))
    except NotKeptError as error:
        blame(request, form, error)
        return await _show(request, 422)
    return await _show(request, secret=hook.secret, of=hook.url)


@routes.post(f"{PATH}/webhook/ta-bort")
async def call_no_more(request: Request, visitor: AsAdministrator) -> Response:
    """Call an address no more."""
    house, form = house_of(request), await read_form(request)
    for each in await house.store.hooks.list():
        if each.hook.id == form.text("id"):
            await house.store.hooks.remove(each.hook.id, house.now(), hand(visitor))
            message = Message("programs.removed", {"name": each.hook.url})
            return done(request, visitor, PATH, message)
    raise HTTPException(404)


@routes.post(f"{PATH}/webhook/igen")
async def resume(request: Request, visitor: AsAdministrator) -> Response:
    """Call a paused address again, and tell it all that it was not told."""
    house, form = house_of(request), await read_form(request)
    for each in await house.store.hooks.list():
        if each.hook.id == form.text("id"):
            again = replace(each.hook, enabled=True)
            await house.store.hooks.put(again, house.now(), hand(visitor))
            message = Message("programs.resumed", {"name": each.hook.url})
            return done(request, visitor, PATH, message)
    raise HTTPException(404)


def _key(request: Request, form: Form) -> ApiKey:
    now, days = house_of(request).now(), form.text("days")
    expires = None
    if days:
        is_number = days.isascii() and days.isdecimal() and len(days) < 5
        if not is_number or not 1 <= int(days) <= _MOST_DAYS:
            raise NotKeptError(days="programs.bad_days")
        expires = now + timedelta(days=int(days))
    scopes = frozenset(each for each in Scope if each.value in form.all("scope"))
    return ApiKey(form.text("name"), scopes, now, expires)


async def _show(
    request: Request, status: int = 200, secret: str = "", of: str = ""
) -> Response:
    house = house_of(request)
    return render(
        request,
        "programs.html",
        status,
        keys=await house.store.keys.list(),
        hooks=await house.store.hooks.list(),
        scopes=tuple(Scope),
        events=tuple(HookEvent),
        now=house.now(),
        secret=secret,
        of=of,
    )
