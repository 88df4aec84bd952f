"""Changes that are asked for twice by one id, and done once."""

import hashlib
import re
from collections.abc import Awaitable, Callable

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from voice.store.keys_port import ApiKey
from voice.store.port import UnknownExtensionError
from voice.store.repeats_port import Answer, Asked, Earlier
from voice.web.api.answers import changed
from voice.web.api.problems import Problem, ProblemError
from voice.web.rendering import house_of

# draft-ietf-httpapi-idempotency-key-header
HEADER = "Idempotency-Key"
_ID = re.compile(r"[\x21-\x7e]{1,128}")
_JSON = "application/json"


async def once(
    request: Request, key: ApiKey, change: Callable[[], Awaitable[BaseModel]]
) -> Response:
    """Do a change; or answer as before, where it was done by the same id before."""
    id = request.headers.get(HEADER)
    if id is None:
        return changed(request, (await change()).model_dump_json())
    if not _ID.fullmatch(id):
        raise ProblemError(Problem(422, "bad_id"))
    house = house_of(request)
    asked = Asked(key.name, id, await _digest(request))
    earlier = await house.store.repeats.begin(asked, house.now())
    if earlier is not None:
        return _again(request, asked, earlier)
    try:
        body = (await change()).model_dump_json()
    except (ProblemError, UnknownExtensionError):
        # Nothing came of it. What a store that broke off has done nobody knows.
        await house.store.repeats.forget(asked)
        raise
    await house.store.repeats.answered(asked, Answer(200, body, _JSON))
    return changed(request, body)


def _again(request: Request, asked: Asked, earlier: Earlier) -> Response:
    if earlier.asked.digest != asked.digest:
        raise ProblemError(Problem(422, "other_question"))
    if earlier.answer is None:
        raise ProblemError(Problem(409, "perhaps_done"))
    return changed(request, earlier.answer.body)


async def _digest(request: Request) -> str:
    """Return what tells one question from another."""
    scope = request.scope
    asked = f"{request.method} {scope['path']}?".encode() + scope["query_string"]
    return hashlib.sha256(asked + b"\n" + await request.body()).hexdigest()
