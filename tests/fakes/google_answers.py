"""How Google words an error, and how it leaves out what was not asked for."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import googleapiclient

Fields: TypeAlias = dict[str, "Fields"]
_WORD = re.compile(r"[A-Za-z*]+|[,()/]")


@dataclass(frozen=True)
class Answer:
    """What is sent back; `length` is what is said of the body, when that is a lie."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


class RefusedError(Exception):
    """A request that Google refuses, with the reason by which programs know it."""

    def __init__(self, status: int, reason: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message
        self.more = more
        """What else stands beside the reason: location, locationType."""

    def answer(self) -> Answer:
        domain = "usageLimits" if "LimitExceeded" in self.reason else "global"
        detail = {"domain": domain, "reason": self.reason, "message": self.message}
        error: dict[str, object] = {"code": self.status, "message": self.message}
        return answer({"error": error | {"errors": [detail | self.more]}}, self.status)


def answer(value: object, status: int = 200, **headers: str) -> Answer:
    body = json.dumps(value, ensure_ascii=False, indent=1).encode()
    return Answer(
        status, body, {"Content-Type": "application/json; charset=UTF-8"} | headers
    )


def not_found() -> RefusedError:
    return RefusedError(404, "notFound", "Not Found")


def invalid(message: str) -> RefusedError:
    return RefusedError(400, "invalid", message)


def partly(found: dict[str, Any], asked: Mapping[str, str], schema: str) -> Answer:
    """Answer with what the parameters of a question leave of it."""
    mask = asked.get("fields")
    if "maxAttendees" in asked:
        for event in found.get("items", [found]):
            _leave_out_guests(event, int(asked["maxAttendees"]))
    tag = {"ETag": found["etag"]} if "etag" in found else {}
    return answer(_only(found, mask, schema) if mask else found, **tag)


def _leave_out_guests(event: dict[str, Any], most: int) -> None:
    guests = event.get("attendees", [])
    if len(guests) > most:
        # "If there are more than the specified number of attendees, only the
        # participant is returned."
        own = [guest for guest in guests if guest.get("self")]
        event |= {"attendees": own, "attendeesOmitted": True}


def _only(value: Any, mask: str, schema: str) -> Any:
    """Return what a `fields` parameter leaves of an answer."""
    fields = _parsed(iter([*_WORD.findall(mask), ")"]))
    _check(fields, _schemas()[schema], mask)
    return _cut(value, fields)


def _parsed(words: Iterator[str]) -> Fields:
    """Read `a,b/c(d,e)` up to the parenthesis that closes it."""
    fields: Fields = {}
    here = fields
    for word in words:
        match word:
            case ")":
                return fields
            case "(":
                here |= _parsed(words)
            case ",":
                here = fields
            case "/":
                pass
            case name:
                here = here.setdefault(name, {})
    raise invalid("Invalid field selection: a parenthesis is missing")


def _check(fields: Fields, schema: dict[str, Any], mask: str) -> None:
    if "$ref" in schema:
        schema = _schemas()[schema["$ref"]]
    if schema.get("type") == "array":
        _check(fields, schema["items"], mask)
        return
    known = schema.get("properties", {})
    for name, inner in fields.items():
        if name != "*" and name not in known and "additionalProperties" not in schema:
            raise RefusedError(
                400, "invalidParameter", f"Invalid field selection {name}"
            )
        _check(inner, known.get(name, schema.get("additionalProperties", {})), mask)


def _cut(value: Any, fields: Fields) -> Any:
    match value:
        case list():
            return [_cut(each, fields) for each in value]
        case dict() if fields and "*" not in fields:
            kept = {name: value[name] for name in fields if name in value}
            return {name: _cut(each, fields[name]) for name, each in kept.items()}
        case _:
            return value


@cache
def _schemas() -> dict[str, Any]:
    folder = Path(googleapiclient.__file__).parent / "discovery_cache/documents"
    document = json.loads((folder / "calendar.v3.json").read_text("utf-8"))
    schemas: dict[str, Any] = document["schemas"]
    return schemas
