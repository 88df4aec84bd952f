"""Anknytningar: adding, changing and removing them."""

from collections.abc import Awaitable, Mapping
from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension
from voice.store.directory_port import Listing, ListingCheck
from voice.store.links_port import LinkKind
from voice.store.port import ExtensionTakenError, MailTakenError, MobileTakenError
from voice.web.administration import Filled, NotKeptError
from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import Form, read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand, with_remnants
from voice.web.notices import done
from voice.web.pages.people import PATH, path_of, people_page, person_page
from voice.web.pages.settings import seal
from voice.web.rendering import house_of, render, render_part, wants_part, words_of
from voice.web.staff import Staff
from voice.web.visitors import Visitor

routes = APIRouter(include_in_schema=False)
NEW = f"{PATH}/ny"


@routes.get(PATH)
async def people(request: Request, visitor: AsAdministrator) -> Response:
    """Show the directory, or those in it that are looked for."""
    staff = cast(Staff, request.app.state.staff)
    page = people_page(await staff.listed(), request.query_params)
    if wants_part(request):
        return render_part(request, "people.html", "found", page=page)
    return render(request, "people.html", page=page)


@routes.get(NEW)
async def ask(request: Request, visitor: AsAdministrator) -> Response:
    """Show where an extension is added."""
    return render(request, "person_new.html")


@routes.post(NEW)
async def add(request: Request, visitor: AsAdministrator) -> Response:
    """Add an extension."""
    house, form = house_of(request), await read_form(request)
    try:
        listing = house.administration.people.listing(_filled(form), None)
        await _kept(house.store.directory.add(listing, house.now(), hand(visitor)))
    except NotKeptError as error:
        blame(request, form, error)
        return render(request, "person_new.html", 422)
    message = Message("people.added", {"number": listing.extension})
    return done(request, visitor, path_of(listing.extension), message)


@routes.get(f"{PATH}/{{number}}")
async def person(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Show one extension."""
    return await show(request, Extension(number))


@routes.post(f"{PATH}/{{number}}")
async def change(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Change what is given of an extension, if it is what was shown."""
    house, form = house_of(request), await read_form(request)
    directory = house.store.directory
    known = await directory.find(Extension(number))
    check = _is_as_shown(known.extension, form.text("seal"))
    try:
        check({known.extension: known})
        listing = house.administration.people.listing(_filled(form), known)
        keeping = directory.put([listing], house.now(), hand(visitor), check=check)
        await _kept(keeping)
    except ChangedMeanwhileError:
        request.state.form = form.blamed(form="people.stale")
        return await show(request, known.extension, 409)
    except NotKeptError as error:
        blame(request, form, error)
        return await show(request, known.extension, 422)
    return told(request, visitor, listing.extension, "people.changed")


@routes.post(f"{PATH}/{{number}}/ta-bort")
async def remove(request: Request, visitor: AsAdministrator, number: str) -> Response:
    """Remove an extension, its diverts and PIN."""
    house, extension = house_of(request), Extension(number)
    await house.store.directory.find(extension)
    persons, now, by = house.administration.persons, house.now(), hand(visitor)
    left = await persons.remove(extension, now, by)
    message = with_remnants(request, "people.removed", {"number": number}, left)
    return done(request, visitor, PATH, message)


async def show(request: Request, extension: Extension, status: int = 200) -> Response:
    """Show one extension as it is by now."""
    house = house_of(request)
    store = house.store
    page = person_page(
        await store.directory.find(extension),
        await store.credentials.find(extension),
        await store.links.list(extension),
        house.now(),
    )
    words = words_of(request)
    kinds = [(each.value, words(f"calendar.kind_{each.value}")) for each in LinkKind]
    return render(request, "person.html", status, page=page, kinds=kinds)


def told(request: Request, visitor: Visitor, number: Extension, key: str) -> Response:
    """Send somebody on to an extension, where it is said what was done to it."""
    return done(request, visitor, path_of(number), Message(key, {"number": number}))


def _filled(form: Form) -> Filled:
    return Filled(
        number=form.text("number"),
        name=form.text("name"),
        unit=form.text("unit"),
        mail=form.text("mail"),
        mobiles=form.text("mobiles"),
        search=form.text("search"),
    )


def _is_as_shown(extension: Extension, shown: str) -> ListingCheck:
    """Return what stops a change of an extension that is not what was shown."""

    def check(known: Mapping[Extension, Listing]) -> None:
        if seal(known.get(extension)) != shown:
            raise ChangedMeanwhileError

    return check


async def _kept(keeping: Awaitable[None]) -> None:
    """Blame the field of what is another's already."""
    try:
        await keeping
    except ExtensionTakenError:
        raise NotKeptError(number="people.taken") from None
    except MobileTakenError:
        raise NotKeptError(mobiles="people.mobile_taken") from None
    except MailTakenError:
        raise NotKeptError(mail="people.mail_taken") from None
