"""Orsaker: the reasons to be away, their keys and what they are called."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from voice.web.administration import (
    NotKeptError,
    ReasonShown,
    ReasonsShown,
    UnusableError,
)
from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import Form, read_form
from voice.web.guard import AsAdministrator
from voice.web.hands import blame, hand
from voice.web.notices import done
from voice.web.rendering import house_of, render

PATH = "/installningar/orsaker"

routes = APIRouter(include_in_schema=False)


@routes.get(PATH)
async def reasons(request: Request, visitor: AsAdministrator) -> Response:
    """Show the reasons as they are written."""
    try:
        shown = await house_of(request).administration.reasons.read()
    except UnusableError as error:
        return render(request, "reasons.html", shown=None, told=str(error))
    return render(request, "reasons.html", shown=shown, told="")


@routes.get(f"{PATH}/{{code}}")
async def reason(request: Request, visitor: AsAdministrator, code: str) -> Response:
    """Show one reason, to be changed."""
    return _show(request, await _read(request), code)


@routes.post(f"{PATH}/{{code}}")
async def change(request: Request, visitor: AsAdministrator, code: str) -> Response:
    """Write one reason, if the grammar is what was shown."""
    house, form = house_of(request), await read_form(request)
    _one(await _read(request), code)
    desk, by = house.administration.reasons, hand(visitor)
    try:
        filled = _filled(code, form)
        is_changed = await desk.write(form.text("seal"), filled, house.now(), by)
    except NotKeptError as error:
        blame(request, form, error)
        return _show(request, await _read(request), code, 422)
    except ChangedMeanwhileError:
        request.state.form = form.blamed(form="reasons.stale")
        return _show(request, await _read(request), code, 409)
    except UnusableError as error:
        request.state.form = form.blamed(form="reasons.unusable")
        return _show(request, await _read(request), code, 422, str(error))
    key = "reasons.saved" if is_changed else "site_file.same"
    return done(request, visitor, PATH, Message(key, {"code": code}))


def _filled(code: str, form: Form) -> ReasonShown:
    say = (" ".join(each.split()) for each in form.text("say").split(","))
    return ReasonShown(
        code=code,
        digit=form.text("digit"),
        label=form.text("label"),
        outer=form.text("outer"),
        say=tuple(dict.fromkeys(filter(None, say))),
    )


async def _read(request: Request) -> ReasonsShown:
    try:
        return await house_of(request).administration.reasons.read()
    except UnusableError:
        raise HTTPException(409) from None


def _one(shown: ReasonsShown, code: str) -> ReasonShown:
    found = next((each for each in shown.reasons if each.code == code), None)
    # The grammar that is shipped is everybody's, and changed by nobody.
    if found is None or not shown.is_own:
        raise HTTPException(404)
    return found


def _show(
    request: Request, shown: ReasonsShown, code: str, status: int = 200, told: str = ""
) -> Response:
    values = {"one": _one(shown, code), "seal": shown.seal, "path": f"{PATH}/{code}"}
    return render(request, "reason.html", status, told=told, **values)
