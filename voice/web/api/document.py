"""The document of the API, by which other programs are written: OpenAPI."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from voice.web.api.keyed import key_or_login
from voice.web.api.problems import MEDIA_TYPE
from voice.web.api.shapes import ProblemTold

_ABOUT = """
Diverts, the directory, where calls go, and what was said in calls.

Each question carries a key: `Authorization: Bearer telefonist_...`. A key opens what
its scopes say. Answers carry an `ETag`: ask with `If-None-Match`, and change with
`If-Match` so that nothing is changed that you have not seen. A change with an
`Idempotency-Key` is done once, however often it is sent within a day. Instants are
written as in RFC 3339, with a zone. What cannot be answered is told as in RFC 9457,
with its remedy, in the language of `Accept-Language`.
"""
_TOLD = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSED = frozenset(
    {
        "nothing_to_clear",
        "not_that_reason",
        "nothing_to_change",
        "nothing_to_undo",
        "has_no_end",
    }
)
"""Why a change is refused by what stands."""


def _told(description: str) -> dict[str, Any]:
    return {"description": description, **_TOLD}


Responses = dict[int | str, dict[str, Any]]
READS: Responses = {
    304: {"description": "Nothing has changed since."},
    400: _told("The question is no HTTP, or no JSON, for this site."),
    401: _told("No key, or one that opens nothing."),
    403: _told("The key has not the scope."),
    404: _told("There is no such thing."),
    422: _told("The question is not understood."),
    429: _told("The key asks too often."),
    503: _told("The store does not answer."),
}
CHANGES: Responses = {
    **{status: told for status, told in READS.items() if status != 304},
    409: _told("It cannot be done to what stands."),
    412: _told("Something else stands than what `If-Match` names."),
    413: _told("The question is too large."),
}
# Any text will do as a tag: what is none is the tag of nothing.
_SCHEMAS: Mapping[str, dict[str, Any]] = {
    "If-None-Match": {"type": "string"},
    "If-Match": {"type": "string"},
    "Idempotency-Key": {"type": "string", "pattern": r"^[\x21-\x7e]{1,128}$"},
}
_CHANGING = ("If-Match", "Idempotency-Key")
_HEADERS = {
    "get": ("If-None-Match",),
    "post": _CHANGING,
    "patch": _CHANGING,
    "delete": _CHANGING,
}

routes = APIRouter(prefix="/api/v1", include_in_schema=False)


@routes.get("/openapi.json", dependencies=[Depends(key_or_login)])
async def document(request: Request) -> Response:
    """Give the document to whoever has a key, or is logged in."""
    return JSONResponse(request.app.state.document)


def written(routes: Iterable[BaseRoute], version: str) -> Mapping[str, Any]:
    """Write the document of some routes."""
    told = get_openapi(
        title="Telefonisten",
        version=version,
        description=_ABOUT.strip(),
        routes=list(routes),
    )
    told["components"]["schemas"]["Problem"] = ProblemTold.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    shapes = told["components"]["schemas"]
    shapes |= shapes["Problem"].pop("$defs")
    for operations in told["paths"].values():
        for method, operation in operations.items():
            operation.setdefault("parameters", []).extend(
                map(_header, _HEADERS[method])
            )
    return told


def _header(name: str) -> dict[str, Any]:
    schema = _SCHEMAS[name]
    return {"name": name, "in": "header", "required": False, "schema": schema}
