"""Who asks of the programs: the key of each, and what it opens."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from voice.store.keys_port import ApiKey, KeySecret, Scope
from voice.web import sessions
from voice.web.api import limits
from voice.web.api.problems import Problem, ProblemError
from voice.web.rendering import house_of

_REALM = 'Bearer realm="telefonist"'
_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    description="A key that `telefonist key add` made.",
)
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


def key_with(scope: Scope) -> Callable[..., Awaitable[ApiKey]]:
    """Return what gives a route the key that opens it, and others a refusal."""

    async def key(request: Request, given: Given) -> ApiKey:
        found = await _key(request, given)
        if scope not in found.scopes:
            challenge = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
            headers = {"WWW-Authenticate": challenge}
            raise ProblemError(Problem(403, "no_scope", headers=headers))
        return found

    return key


async def key_or_login(request: Request, given: Given) -> None:
    """Let programs pass that have any key, and people who are logged in."""
    if given is None:
        visitor, _ = await sessions.find(request)
        if visitor is not None:
            return
    await _key(request, given)


async def _key(request: Request, given: HTTPAuthorizationCredentials | None) -> ApiKey:
    house = house_of(request)
    if given is None:
        raise ProblemError(_unknown("no_key", _REALM))
    now = house.now()
    key = await house.store.keys.find(KeySecret(given.credentials))
    if key is None:
        raise ProblemError(_unknown("bad_key", f'{_REALM}, error="invalid_token"'))
    if key.expires is not None and key.expires <= now:
        raise ProblemError(_unknown("old_key", f'{_REALM}, error="invalid_token"'))
    asked, at = limits.buckets_of(request), now.timestamp()
    seconds = asked.wait(key.name, at)
    limits.tell(request, asked, key.name, at)
    if seconds:
        headers = {"Retry-After": f"{seconds + 1:.0f}"}
        raise ProblemError(Problem(429, "too_often", headers=headers))
    await house.store.keys.used(key.name, now)
    return key


def _unknown(name: str, challenge: str) -> Problem:
    return Problem(401, name, headers={"WWW-Authenticate": challenge})


ReadsDiverts = Annotated[ApiKey, Depends(key_with(Scope.DIVERTS_READ))]
WritesDiverts = Annotated[ApiKey, Depends(key_with(Scope.DIVERTS_WRITE))]
ReadsDirectory = Annotated[ApiKey, Depends(key_with(Scope.DIRECTORY_READ))]
ReadsRoutes = Annotated[ApiKey, Depends(key_with(Scope.ROUTES_READ))]
ReadsTranscripts = Annotated[ApiKey, Depends(key_with(Scope.TRANSCRIPTS_READ))]
