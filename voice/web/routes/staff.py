"""Personallistor: sent in CSV, looked through, and then carried out."""

from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import read_file, read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import hand, with_remnants
from voice.web.notices import done
from voice.web.pages.settings import seal
from voice.web.pages.staff import PATH, REVIEW, refused_page, review_page
from voice.web.rendering import house_of, render
from voice.web.staff_port import ListRefusedError
from voice.web.uploads import Upload, Uploads

routes = APIRouter(include_in_schema=False)


@routes.get(PATH)
async def ask(request: Request, visitor: AsAdministrator) -> Response:
    """Show where a list is sent."""
    return render(request, "staff.html")


@routes.post(PATH)
async def send(request: Request, visitor: AsAdministrator) -> Response:
    """Keep a list to be looked through; nothing is changed yet."""
    form, content = await read_form(request), await read_file(request, "csv")
    if content is None:
        request.state.form = form.blamed(csv="staff.no_file")
        return render(request, "staff.html", 422)
    upload = Upload(house_of(request).now(), content, bool(form.text("removes")))
    _uploads(request).put(visitor.session, upload)
    return RedirectResponse(REVIEW, 303)


@routes.get(REVIEW)
async def review(request: Request, visitor: AsAdministrator) -> Response:
    """Show what the list would change, or all that is wrong in it."""
    house = house_of(request)
    upload = _uploads(request).find(visitor.session, house.now())
    if upload is None:
        return RedirectResponse(PATH, 303)
    try:
        changes = await house.administration.staff.read(upload.content, upload.removes)
    except ListRefusedError as error:
        return render(
            request, "staff_review.html", 422, page=refused_page(error.faults)
        )
    page = review_page(changes)
    return render(request, "staff_review.html", page=page, seal=seal(changes))


@routes.post(REVIEW)
async def carry_out(request: Request, visitor: AsAdministrator) -> Response:
    """Change the directory as was shown; show it anew where it would be otherwise."""
    house, form, uploads = (
        house_of(request),
        await read_form(request),
        _uploads(request),
    )
    upload = uploads.find(visitor.session, house.now())
    if upload is None:
        gone = Message("staff.is_gone", is_fault=True)
        return done(request, visitor, PATH, gone)
    try:
        changes = await house.administration.staff.read(upload.content, upload.removes)
    except ListRefusedError:
        return RedirectResponse(REVIEW, 303)
    if form.text("seal") != seal(changes):
        return done(request, visitor, REVIEW, Message("staff.changed", is_fault=True))
    if changes.is_half and not form.text("half"):
        return done(request, visitor, REVIEW, Message("staff.tick", is_fault=True))
    staff, by = house.administration.staff, hand(visitor)
    try:
        left = await staff.carry_out(changes, house.now(), by)
    except ChangedMeanwhileError:
        return done(request, visitor, REVIEW, Message("staff.changed", is_fault=True))
    uploads.drop(visitor.session)
    counts = {
        "added": str(len(changes.added)),
        "changed": str(len(changes.changed)),
        "gone": str(len(changes.gone)),
    }
    message = with_remnants(request, "staff.done", counts, left)
    return done(request, visitor, PATH, message)


def _uploads(request: Request) -> Uploads:
    return cast(Uploads, request.app.state.uploads)
