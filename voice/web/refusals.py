"""Answers to what cannot be answered as it was asked, in words for whoever asked."""

from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from voice.store.port import (
    StoreAwayError,
    StoreError,
    UnknownCallError,
    UnknownExtensionError,
)
from voice.web import sessions
from voice.web.api import problems
from voice.web.api.problems import ProblemError
from voice.web.drawers import Drawer, Drawers, Message
from voice.web.errors import NotLoggedInError, StaleFormError
from voice.web.forms import Form, read_form
from voice.web.guard import API
from voice.web.rendering import (
    address_of,
    house_of,
    is_stream,
    render,
    visitor_of,
    words_of,
)
from voice.web.security import SAFE_METHODS

LOGIN = "/logga-in"
_UNKNOWN = (UnknownCallError, UnknownExtensionError)


def refuse(
    request: Request, status: int, again: Form | None = None, back: str = "/"
) -> Response:
    """Say what is the matter; a form that was lost for it can be sent again."""
    if request.scope["path"].startswith(API):
        return problems.answer(request, problems.of_status(status))
    words = words_of(request)
    section = f"error_{status}" if f"error_{status}.title" in words else "error_500"
    page = render(
        request, "error.html", status, section=section, again=again, back=back
    )
    return over_whole_page(request, page)


def over_whole_page(request: Request, page: Response) -> Response:
    """Let a page take the place of all that is shown, whatever part was asked for."""
    if request.headers.get("hx-request"):
        page.headers.update({"HX-Retarget": "main", "HX-Reselect": "main"})
        page.headers["HX-Reswap"] = "outerHTML"
    return page


class Refusals:
    """What becomes of each error that a page ends with."""

    def __init__(self, drawers: Drawers) -> None:
        self._drawers = drawers

    def attend(self, app: FastAPI) -> None:
        """Answer the errors of an app."""
        app.add_exception_handler(HTTPException, self._foreseen)
        app.add_exception_handler(RequestValidationError, self._wrong)
        app.add_exception_handler(ProblemError, self._problem)
        app.add_exception_handler(StoreError, self._store)
        app.add_exception_handler(NotLoggedInError, self._stranger)
        app.add_exception_handler(StaleFormError, self._stale)

    async def _foreseen(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = refuse(request, error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    async def _wrong(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if request.scope["path"].startswith(API):
            return problems.answer(request, problems.of_fields(error.errors()))
        return refuse(request, 422)

    async def _problem(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, ProblemError)
        return problems.answer(request, error.problem)

    async def _store(self, request: Request, error: Exception) -> Response:
        if isinstance(error, _UNKNOWN):
            return refuse(request, 404)
        # Its text is an administrator's, and can name the store.
        if type(error) not in (StoreError, StoreAwayError):
            return refuse(request, 409)
        if request.method in SAFE_METHODS or request.scope["path"].startswith(API):
            return refuse(request, 503)
        form = await read_form(request)
        again = form.to_send_again()
        if again is None:
            self._keep(request, form)
        return refuse(request, 503, again, form.page)

    def _keep(self, request: Request, form: Form) -> None:
        """Let a form wait for its page, of a session that nobody may know just now."""
        session = sessions.brought_id(request)
        message = Message("forms.is_kept")
        kept = Drawer(house_of(request).now(), form.to_keep(), message)
        is_unknown = visitor_of(request) is None
        if session:
            self._drawers.put(session, kept, of_stranger=is_unknown)

    async def _stranger(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, NotLoggedInError)
        if is_stream(request):
            return Response(status_code=401)
        page = error.form.page if error.form else _page_of(request)
        address = f"{LOGIN}?{urlencode({'till': page})}" if page != "/" else LOGIN
        answer: Response = RedirectResponse(address, 303)
        if request.headers.get("hx-request"):
            answer = Response(status_code=401, headers={"HX-Redirect": address})
        if error.form is not None:
            token = sessions.token_before(request)
            # Of a session that is forgotten, only the form itself says whose it was.
            owner = error.was or error.form.owner
            now, kept = house_of(request).now(), error.form.to_keep()
            drawer = Drawer(now, kept, login=owner)
            self._drawers.put(token, drawer, of_stranger=True)
            sessions.keep_token(request, answer, token)
        return answer

    async def _stale(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, StaleFormError)
        visitor = visitor_of(request)
        # It may be that of another, who was logged in here in an earlier window.
        if visitor is not None and error.form.owner in ("", visitor.login):
            message = Message("forms.is_kept")
            kept = Drawer(house_of(request).now(), error.form.to_keep(), message)
            self._drawers.put(visitor.session, kept)
        return refuse(request, 403, back=error.form.page)


def _page_of(request: Request) -> str:
    """Return the page that somebody is to come back to after logging in."""
    shown = request.headers.get("hx-current-url")
    if shown and request.headers.get("hx-request"):
        split = urlsplit(shown)
        return f"{split.path}?{split.query}" if split.query else split.path
    return address_of(request)
