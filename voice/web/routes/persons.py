"""All that is held on one person: handed over, or erased."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.divert.walltime import local
from voice.store.person import accounts_of
from voice.store.port import CallGoingOnError, UnknownExtensionError
from voice.store.retention_port import Named
from voice.web.administration import NotKeptError
from voice.web.forms import Form, read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand, with_remnants
from voice.web.notices import done
from voice.web.pages.erasure import (
    ErasurePage,
    erasure_page,
    erasure_path,
    export_name,
    export_path,
)
from voice.web.pages.people import PATH
from voice.web.rendering import house_of, render
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)


@routes.post(export_path("{number}"))
async def export(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Give all that is held on a person as a file; the trail tells who asked."""
    house, form = house_of(request), await read_form(request)
    listing = await house.store.directory.find(Extension(number))
    is_masked, now = bool(form.text("masked")), house.now()
    persons, by = house.administration.persons, hand(visitor)
    held = await persons.export(listing.extension, is_masked, now, by)
    name = export_name(listing.extension, f"{local(now):%Y%m%d}", is_masked)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(held, headers=headers, media_type="application/json")


@routes.get(erasure_path("{number}"))
async def ask(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Say what would be erased and what would stay, and ask whether it is to be so."""
    page = await _page(request, visitor, Extension(number))
    return render(request, "erasure.html", page=page)


@routes.post(erasure_path("{number}"))
async def erase(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Erase all that is held on a person whose number was written once more."""
    house, form = house_of(request), await read_form(request)
    page = await _page(request, visitor, Extension(number))
    persons, whose = house.administration.persons, Named(page.number, form.text("name"))
    try:
        _check(page, form.text("number"))
        gone = await persons.erase(whose, house.now(), hand(visitor))
    except NotKeptError as error:
        return _blamed(request, form, page, error, 422)
    except CallGoingOnError:
        return _blamed(request, form, page, NotKeptError(form="erasure.goes_on"), 409)
    except UnknownExtensionError:
        return _blamed(request, form, page, NotKeptError(form="erasure.nothing"), 404)
    counts = {"calls": str(gone.calls), "mentions": str(gone.mentions)}
    values = {"number": page.number, **counts}
    message = with_remnants(request, "erasure.done", values, gone.remnants)
    return done(request, visitor, PATH, message)


def _check(page: ErasurePage, written: str) -> None:
    if page.is_own:
        raise NotKeptError(form="erasure.own")
    if written.strip() != page.number:
        raise NotKeptError(number="erasure.another_number")


def _blamed(
    request: Request, form: Form, page: ErasurePage, error: NotKeptError, status: int
) -> Response:
    blame(request, form, error)
    return render(request, "erasure.html", status, page=page)


async def _page(
    request: Request, visitor: Visitor, extension: Extension
) -> ErasurePage:
    """Return the page of somebody in the directory, or of somebody who has left it."""
    store = house_of(request).store
    try:
        listing = await store.directory.find(extension)
    except UnknownExtensionError:
        listing = None
    accounts = await accounts_of(store, extension)
    return erasure_page(extension, listing, accounts, visitor.login)
