"""What is wrong with a question of a program, and what to do about it: RFC 9457."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from voice.errors import VoiceError
from voice.web.api.limits import limits_of
from voice.web.rendering import words_of

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One field of a question, and what is wrong with it."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a question is not answered; its words are in `grammar/web.toml`."""

    status: int
    name: str
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class ProblemError(VoiceError):
    """A program asked for what it cannot have."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.name)
        self.problem = problem


_OF_STATUS = {
    401: "no_key",
    403: "no_scope",
    404: "not_found",
    405: "no_method",
    408: "too_slow",
    409: "conflict",
    413: "too_large",
    422: "not_understood",
    429: "too_often",
    503: "store_away",
}


def of_status(status: int) -> Problem:
    """Return the problem of a status where nothing more is known."""
    name = _OF_STATUS.get(status, "not_asked_well" if status < 500 else "ours")
    return Problem(status, name)


def of_error(error: HTTPException) -> Problem:
    """Return the problem that a refusal tells of."""
    known = of_status(error.status_code)
    return Problem(known.status, known.name, headers=error.headers or {})


def of_fields(errors: Sequence[Mapping[str, object]]) -> Problem:
    """Return the problem of fields that are missing, unknown or wrong."""
    found = {Fault(_field(error), _why(error)): None for error in errors}
    return Problem(422, "not_understood", tuple(found))


def _field(error: Mapping[str, object]) -> str:
    place = error["loc"]
    assert isinstance(place, Sequence)
    if error["type"] == "json_invalid":
        return str(place[0])
    # First stands which part of the question it is: its body, its path, ...
    return ".".join(str(part) for part in place[1:2]) or str(place[0])


def _why(error: Mapping[str, object]) -> str:
    match error["type"]:
        case "missing":
            return "missing"
        case "extra_forbidden":
            return "unknown"
        case _:
            return "wrong"


def answer(request: Request, problem: Problem) -> JSONResponse:
    """Tell a program what is wrong, and the remedy."""
    words, name = words_of(request), problem.name
    told: dict[str, object] = {
        "type": f"urn:telefonist:problem:{name}",
        "title": words(f"problem.{name}"),
        "status": problem.status,
        "remedy": words(f"problem.{name}_do"),
    }
    if problem.faults:
        told["errors"] = [
            {"field": fault.field, "why": fault.why} for fault in problem.faults
        ]
    headers = {
        **limits_of(request),
        **problem.headers,
        "Content-Language": words.language.value,
    }
    return JSONResponse(told, problem.status, headers, MEDIA_TYPE)
