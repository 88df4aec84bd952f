"""What everybody may ask for: static files, the choice of language, and health."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from voice.store.port import StoreError
from voice.web.doorkeeper import HEALTH
from voice.web.forms import read_form
from voice.web.guard import open_to_all
from voice.web.rendering import LANGUAGE_COOKIE, house_of, pages_of
from voice.web.static_files import static_answer
from voice.web.words import Language

_A_YEAR = 365 * 24 * 60 * 60

routes = APIRouter(include_in_schema=False)


@routes.get("/static/{name}")
@open_to_all
async def static(request: Request, name: str) -> Response:
    """Give a file that pages bring with them."""
    file = pages_of(request).static.get(name)
    if file is None:
        raise HTTPException(404)
    return static_answer(file, request)


@routes.get(HEALTH)
@open_to_all
async def health(request: Request) -> Response:
    """Say whether the web can answer, and nothing else to those not logged in."""
    try:
        await house_of(request).store.directory.revision()
    except StoreError:
        return PlainTextResponse("store: it does not answer.\n", 503)
    return PlainTextResponse("ok\n")


@routes.post("/sprak")
@open_to_all
async def language(request: Request) -> Response:
    """Keep the language that somebody chose."""
    form = await read_form(request)
    page = form.page if form.page != form.action else "/"
    answer = RedirectResponse(page, 303)
    chosen = form.text("sprak")
    if chosen in tuple(Language):
        safe = house_of(request).settings.is_safe
        answer.set_cookie(
            LANGUAGE_COOKIE, chosen, _A_YEAR, secure=safe, httponly=True, samesite="lax"
        )
    return answer
