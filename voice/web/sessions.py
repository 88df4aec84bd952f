"""Who is logged in: a cookie that means nothing, and what the store knows of it."""

import hmac
import secrets
from contextlib import suppress
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from voice.store.accounts_port import Account
from voice.store.port import StoreError
from voice.store.sessions_port import SEEN_EVERY, Limits, SessionId, is_over
from voice.web.rendering import house_of, is_stream
from voice.web.settings import WebSettings
from voice.web.visitors import Visitor, visitor

_COOKIE = "session"
_BEFORE = "inloggning"
_BYTES = 32
# Whose session it was may be known for some time after it is over.
_REMEMBERED = Limits(timedelta(days=30), timedelta(days=30))


def limits(settings: WebSettings) -> Limits:
    """Return how long a session lasts here."""
    return Limits(
        timedelta(hours=settings.longest_hours),
        timedelta(minutes=settings.idle_minutes),
    )


async def find(request: Request) -> tuple[Visitor | None, str | None]:
    """Return who asks, and whose session it was where it is over."""
    house = house_of(request)
    id, now = brought_id(request), house.now()
    if not id:
        return None, None
    session = await house.store.sessions.find(id, _REMEMBERED, now)
    if session is None:
        return None, None
    if is_over(session, limits(house.settings), now):
        return None, session.login
    # A page that nobody looks at opens its stream anew whenever that breaks off.
    if now - session.seen >= SEEN_EVERY and not is_stream(request):
        # Where nothing can be written, what is there can still be read.
        with suppress(StoreError):
            await house.store.sessions.touch(id, now)
    return visitor(session, id), None


def brought_id(request: Request) -> SessionId:
    """Return which session a browser says is its own; the empty one for none."""
    return SessionId(_cookie(request, _COOKIE))


async def begin(request: Request, account: Account, answer: Response) -> SessionId:
    """Log somebody in under an id that nobody has seen before; an earlier one ends."""
    house = house_of(request)
    await _forget(request)
    id, now = SessionId(_random()), house.now()
    await house.store.sessions.begin(id, account.login, _random(), now)
    give(answer, house.settings, _COOKIE, id)
    take_back(answer, house.settings, _BEFORE)
    return id


async def end(request: Request, answer: Response) -> None:
    """Log out who asks."""
    await _forget(request)
    take_back(answer, house_of(request).settings, _COOKIE)


def token_before(request: Request) -> str:
    """Return what proves the form of somebody who is not logged in; new, if none is."""
    return _cookie(request, _BEFORE) or _random()


def keep_token(request: Request, answer: Response, token: str) -> None:
    """Let the browser bring the token back with its form."""
    give(answer, house_of(request).settings, _BEFORE, token)


def is_token_before(request: Request, token: str) -> bool:
    """Tell whether a login form was given to the browser that sends it."""
    kept = _cookie(request, _BEFORE)
    return bool(kept) and same(token, kept)


def same(one: str, other: str) -> bool:
    """Compare secrets in a time that tells nothing of them."""
    return hmac.compare_digest(one.encode(), other.encode())


async def _forget(request: Request) -> None:
    if id := brought_id(request):
        await house_of(request).store.sessions.end(id)


def _random() -> str:
    return secrets.token_urlsafe(_BYTES)


def _name(settings: WebSettings, name: str) -> str:
    # A browser takes this prefix from no other host, and over https alone.
    return f"__Host-{name}" if settings.is_safe else name


def brought(request: Request, name: str) -> str:
    """Return what a browser brings back; nothing where it keeps nothing."""
    return request.cookies.get(_name(house_of(request).settings, name), "")


def _cookie(request: Request, name: str) -> str:
    kept = brought(request, name)
    return kept if len(kept) <= 2 * _BYTES and kept.isascii() else ""


def give(
    answer: Response,
    settings: WebSettings,
    name: str,
    value: str,
    seconds: int | None = None,
) -> None:
    """Let a browser keep something, and bring it back to nobody but us.

    It keeps it for so many seconds, or until it is closed.
    """
    answer.set_cookie(
        _name(settings, name),
        value,
        seconds,
        path="/",
        secure=settings.is_safe,
        httponly=True,
        samesite="lax",
    )


def take_back(answer: Response, settings: WebSettings, name: str) -> None:
    """Let a browser forget what it keeps."""
    answer.delete_cookie(
        _name(settings, name),
        path="/",
        secure=settings.is_safe,
        httponly=True,
        samesite="lax",
    )
