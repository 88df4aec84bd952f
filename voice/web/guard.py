"""Stands before every page: nobody passes who is not logged in, nor a form not ours."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from voice.store.accounts_port import Role
from voice.web import forms, sessions
from voice.web.buckets import Buckets, Rate
from voice.web.doorkeeper import HEALTH
from voice.web.drawers import Drawers
from voice.web.errors import NotLoggedInError, StaleFormError
from voice.web.rendering import (
    address_of,
    house_of,
    is_stream,
    visitor_of,
)
from voice.web.security import SAFE_METHODS, is_ours
from voice.web.visitors import Visitor

API = "/api/"
# What is the same for everybody, and is there also while nobody can be known.
_OF_ALL = ("/static/", HEALTH)
_Route = TypeVar("_Route", bound=Callable[..., object])
_OPEN = "is_open_to_all"
# One person, however many windows stand open.
_RATE = Rate(20, 200)


def open_to_all(route: _Route) -> _Route:
    """Let everybody ask for what a route answers, logged in or not."""
    setattr(route, _OPEN, True)
    return route


class Guard:
    """Looks at each question before its route does."""

    def __init__(self, drawers: Drawers) -> None:
        self._drawers = drawers
        self._asked = Buckets(_RATE)

    async def __call__(self, request: Request) -> None:
        """Find out who asks; raise where the question is not to be answered."""
        # Programs have keys, which no browser sends by itself.
        if request.scope["path"].startswith((API, *_OF_ALL)):
            return
        settings, headers = house_of(request).settings, request.headers
        changes = request.method not in SAFE_METHODS
        fetch_site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if changes and not is_ours(fetch_site, origin, settings.base):
            raise HTTPException(403)
        visitor, was = await sessions.find(request)
        is_open = getattr(request.scope.get("endpoint"), _OPEN, False)
        if visitor is not None:
            self._admit(request, visitor, changes)
        if is_open or not (changes or visitor is None):
            return
        form = await forms.read_form(request) if changes else None
        if visitor is None:
            raise NotLoggedInError(form, was)
        if form is not None and not await _is_proved(request, visitor):
            raise StaleFormError(form)

    def _admit(self, request: Request, visitor: Visitor, changes: bool) -> None:
        now = house_of(request).now()
        if self._asked.wait(visitor.login, now.timestamp()):
            raise HTTPException(429, headers={"Retry-After": "2"})
        request.state.visitor = visitor
        if not changes:
            self._hand_over(request, visitor)

    def _hand_over(self, request: Request, visitor: Visitor) -> None:
        """Put what waits for the visitor where its page finds it."""
        # What is put into a page that is shown already is no place for it.
        if request.headers.get("hx-request") or is_stream(request):
            return
        address, now = address_of(request), house_of(request).now()
        drawer = self._drawers.take(visitor.session, address, now)
        if drawer is None:
            # What was sent while the store could not tell who it was.
            session = visitor.session
            drawer = self._drawers.take(session, address, now, of_stranger=True)
        if drawer is not None:
            request.state.form, request.state.message = drawer.form, drawer.message


async def _is_proved(request: Request, visitor: Visitor) -> bool:
    given = request.headers.get("x-csrf-token")
    if given is None:
        given = forms.token_of(await forms.data_of(request))
    return sessions.same(given, visitor.token)


def requires(role: Role) -> Callable[[Request], Awaitable[Visitor]]:
    """Return what gives a route its visitor, and others a refusal."""

    async def visitor(request: Request) -> Visitor:
        found = visitor_of(request)
        if found is None:
            raise NotLoggedInError(None, None)
        if not found.may(role):
            raise HTTPException(403)
        return found

    return visitor


AsPerson = Annotated[Visitor, Depends(requires(Role.PERSON))]
AsOperator = Annotated[Visitor, Depends(requires(Role.OPERATOR))]
AsAdministrator = Annotated[Visitor, Depends(requires(Role.ADMINISTRATOR))]
