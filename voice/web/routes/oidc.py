"""Logging in at the site's identity provider, and out of it again."""

import logging

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from voice.web import sessions
from voice.web.forms import Form
from voice.web.guard import open_to_all
from voice.web.oidc import attempt as attempts
from voice.web.oidc.attempt import Attempt
from voice.web.oidc.faults import Fault, OidcError
from voice.web.oidc.people import account_of
from voice.web.oidc.provider import ANSWER, START, Answer, Provider
from voice.web.refusals import LOGIN
from voice.web.rendering import house_of
from voice.web.routes.login import farewells_of, let_in, login_page

log = logging.getLogger(__name__)

_COOKIE = "arbetskonto"
_LONGEST = 4096

routes = APIRouter(include_in_schema=False)


@routes.get(START)
@open_to_all
async def begin(request: Request) -> Response:
    """Send somebody to the provider."""
    house = house_of(request)
    attempt = attempts.new_attempt(request.query_params.get("till", ""), house.now())
    try:
        address = await _provider(request).address(attempt)
    except OidcError as error:
        return _not_let_in(request, error, attempt)
    answer = RedirectResponse(address, 303)
    sessions.give(answer, house.settings, _COOKIE, attempts.written(attempt))
    return answer


@routes.get(ANSWER)
@open_to_all
async def come_back(request: Request) -> Response:
    """Let somebody in who comes back from the provider, or say why not."""
    house, provider = house_of(request), _provider(request)
    attempt = _begun(request)
    try:
        answer = _answer(request, attempt)
        proved = await provider.proved(answer, attempt)
        oidc = house.settings.oidc
        account = await account_of(house.store, oidc, proved.claims, house.now())
    except OidcError as error:
        return _not_let_in(request, error, attempt)
    page = await let_in(request, account, attempt.till, proved.token)
    sessions.take_back(page, house.settings, _COOKIE)
    return page


@routes.get("/logga-ut/arbetskonto")
@open_to_all
async def log_out(request: Request) -> Response:
    """Send somebody on to log out at the provider as well."""
    provider = _provider(request)
    before, now = sessions.token_before(request), house_of(request).now()
    try:
        address = await provider.farewell(farewells_of(request).take(before, now))
    except OidcError as error:
        return _not_let_in(request, error, None)
    return RedirectResponse(address or LOGIN, 303)


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _begun(request: Request) -> Attempt:
    """Return the try that this browser has begun; a new one, if it has none.

    No answer fits one that is new, and so it is refused as any other that does not.
    """
    house = house_of(request)
    kept = sessions.brought(request, _COOKIE)[:_LONGEST]
    return attempts.read(kept, house.now()) or attempts.new_attempt("", house.now())


def _answer(request: Request, attempt: Attempt) -> Answer:
    given = request.query_params
    if not sessions.same(given.get("state", ""), attempt.state):
        raise OidcError(Fault.AGAIN, "an answer came to no question of this browser's.")
    error = given.get("error", "" if given.get("code") else "no code")
    return Answer(given.get("code", ""), given.get("iss", ""), error)


def _not_let_in(
    request: Request, error: OidcError, attempt: Attempt | None
) -> Response:
    log.warning("nobody is let in by the identity provider: %s", error)
    form = Form(LOGIN, LOGIN, {}).blamed(form=error.fault)
    till = attempt.till if attempt else "/"
    page = login_page(request, till, form, error.fault.status)
    sessions.take_back(page, house_of(request).settings, _COOKIE)
    return page
