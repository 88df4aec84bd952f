"""Konton: who may log in, and as what."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Login, Role, is_administrator
from voice.store.port import UnknownExtensionError
from voice.web.administration import NotKeptError
from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import Form, read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand
from voice.web.notices import done
from voice.web.pages.accounts import (
    PATH,
    highest,
    is_last,
    path_of,
    role_of,
    row,
    sought,
)
from voice.web.pages.settings import seal
from voice.web.port import House
from voice.web.rendering import house_of, render, render_part, wants_part
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)
NEW = f"{PATH}/ny"


@routes.get(PATH)
async def accounts(request: Request, visitor: AsAdministrator) -> Response:
    """Show who may log in."""
    store, now = house_of(request).store, house_of(request).now()
    page = sought(await store.accounts.list(), request.query_params)
    kept = await store.passwords.of([each.login for each in page.accounts])
    rows = [row(each, kept.get(each.login), now) for each in page.accounts]
    if wants_part(request):
        return render_part(request, "accounts.html", "found", page=page, rows=rows)
    return render(request, "accounts.html", page=page, rows=rows)


@routes.get(NEW)
async def ask(request: Request, visitor: AsAdministrator) -> Response:
    """Show where an account is added."""
    return render(request, "account_new.html", roles=tuple(Role))


@routes.post(NEW)
async def add(request: Request, visitor: AsAdministrator) -> Response:
    """Let somebody log in by a password."""
    house, form = house_of(request), await read_form(request)
    desk = house.administration.accounts
    try:
        login = desk.login(form.text("login"))
        extension = await _extension(house, form)
        account = Account(login, _roles(form), house.now(), extension)
        await desk.add(account, _password(form), house.now(), hand(visitor))
    except NotKeptError as error:
        blame(request, form, error)
        return render(request, "account_new.html", 422, roles=tuple(Role))
    message = Message("accounts.added", {"login": login})
    return done(request, visitor, PATH, message)


@routes.get(f"{PATH}/{{login}}")
async def account(request: Request, visitor: AsAdministrator, login: str) -> Response:
    """Show one account."""
    return await _show(request, await _found(request, login))


@routes.post(f"{PATH}/{{login}}")
async def change(request: Request, visitor: AsAdministrator, login: str) -> Response:
    """Change what an account may do, if it is what was shown."""
    house, form = house_of(request), await read_form(request)
    before = await _found(request, login)

    def check(everybody: Sequence[Account]) -> None:
        found = next((each for each in everybody if each.login == before.login), None)
        if form.text("seal") != seal(found):
            raise ChangedMeanwhileError
        if not is_administrator(after) and is_last(before.login, everybody):
            raise NotKeptError(form="accounts.last")

    try:
        after = await _changed(house, form, before)
        await house.store.accounts.put(after, house.now(), hand(visitor), check)
    except ChangedMeanwhileError:
        request.state.form = form.blamed(form="accounts.stale")
        return await _show(request, await _found(request, login), 409)
    except NotKeptError as error:
        blame(request, form, error)
        return await _show(request, before, 422)
    return _told(request, visitor, before, "accounts.changed")


@routes.post(f"{PATH}/{{login}}/losenord")
async def give(request: Request, visitor: AsAdministrator, login: str) -> Response:
    """Give an account a new password, which also unlocks it."""
    house, form = house_of(request), await read_form(request)
    found = await _found(request, login)
    desk, by = house.administration.accounts, hand(visitor)
    try:
        await desk.give(found.login, _password(form), house.now(), by)
    except NotKeptError as error:
        blame(request, form, error)
        return await _show(request, found, 422)
    return _told(request, visitor, found, "accounts.given")


@routes.post(f"{PATH}/{{login}}/las-upp")
async def unlock(request: Request, visitor: AsAdministrator, login: str) -> Response:
    """Forget the wrong passwords that locked an account."""
    house, found = house_of(request), await _found(request, login)
    desk = house.administration.accounts
    await desk.unlock(found.login, house.now(), hand(visitor))
    return _told(request, visitor, found, "accounts.unlocked")


@routes.post(f"{PATH}/{{login}}/ta-bort")
async def remove(request: Request, visitor: AsAdministrator, login: str) -> Response:
    """Let somebody log in no more."""
    house, form = house_of(request), await read_form(request)
    found = await _found(request, login)

    def check(everybody: Sequence[Account]) -> None:
        if is_last(found.login, everybody):
            raise NotKeptError(form="accounts.last")

    try:
        accounts = house.store.accounts
        await accounts.remove(found.login, house.now(), hand(visitor), check)
    except NotKeptError as error:
        blame(request, form, error)
        return await _show(request, found, 409)
    message = Message("accounts.removed", {"login": found.login})
    return done(request, visitor, PATH, message)


async def _changed(house: House, form: Form, before: Account) -> Account:
    """Return the account as it is filled in; one role includes all below it."""
    extension, roles = await _extension(house, form), _roles(form)
    if highest(before.roles) in roles:
        roles = before.roles
    is_disabled = bool(form.text("disabled"))
    return replace(before, roles=roles, extension=extension, disabled=is_disabled)


async def _extension(house: House, form: Form) -> Extension | None:
    number = form.text("extension")
    if not number:
        return None
    try:
        return (await house.store.directory.find(Extension(number))).extension
    except UnknownExtensionError:
        raise NotKeptError(extension="accounts.no_extension") from None


def _roles(form: Form) -> frozenset[Role]:
    role = role_of(form.text("role"))
    if role is None:
        raise NotKeptError(role="accounts.bad_role")
    return frozenset({role})


def _password(form: Form) -> str:
    # Not `text`: a password may begin or end with a blank.
    return next(iter(form.all("new_password")), "")


async def _found(request: Request, login: str) -> Account:
    found = await house_of(request).store.accounts.find(Login(login))
    if found is None:
        raise HTTPException(404)
    return found


async def _show(request: Request, shown: Account, status: int = 200) -> Response:
    house = house_of(request)
    password = await house.store.passwords.find(shown.login)
    found = row(shown, password, house.now())
    return render(request, "account.html", status, row=found, roles=tuple(Role))


def _told(request: Request, visitor: Visitor, of: Account, key: str) -> Response:
    path = path_of(of.login)
    return done(request, visitor, path, Message(key, {"login": of.login}))
