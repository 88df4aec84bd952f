"""Answers of the API: with a tag, or none where the asker has it already."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import Extension, Standing
from voice.web.api import shown, tags
from voice.web.api.limits import limits_of
from voice.web.api.problems import Problem, ProblemError
from voice.web.api.shapes import Changed, Phone
from voice.web.port import Check
from voice.web.rendering import house_of

# Kept by who asked, and never used without asking whether it still holds.
_KEPT = "private, no-cache"


def showing(request: Request) -> shown.Showing:
    """Return what programs are shown by, now."""
    house = house_of(request)
    return shown.Showing(house.catalog, house.site, house.now())


def answered(request: Request, told: BaseModel) -> Response:
    """Answer a question; with nothing, if the asker knows what there is."""
    body = told.model_dump_json().encode()
    headers = {
        **limits_of(request),
        "ETag": tags.tag(body),
        "Cache-Control": _KEPT,
        "Vary": "Authorization",
    }
    known = request.headers.get("if-none-match")
    if known is not None and tags.is_known(known, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def tag_of(phone: Phone) -> str:
    """Return the tag of what stands on an extension."""
    return tags.tag(phone.model_dump_json().encode())


def unchanged(request: Request, extension: Extension) -> Check | None:
    """Return what stops a change of something else than the asker has seen."""
    seen, by = request.headers.get("if-match"), showing(request)
    if seen is None:
        return None

    def check(standing: Standing) -> None:
        if not tags.is_same(seen, tag_of(by.phone(extension, standing))):
            raise ProblemError(Problem(412, "changed_meanwhile"))

    return check


def changed(request: Request, body: str) -> Response:
    """Answer a change that was made, with the tag of what stands after it."""
    tag = tag_of(Changed.model_validate_json(body).phone)
    headers = {**limits_of(request), "ETag": tag}
    return Response(body, headers=headers, media_type="application/json")
