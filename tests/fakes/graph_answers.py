"""How Graph words an answer and an error."""

import json
from collections.abc import Iterable
from typing import Any

from tests.fakes.google_answers import Answer

EXTENDED = "singleValueExtendedProperties"


class GraphRefusalError(Exception):
    """A request that Graph refuses, with the code by which programs know it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def answer(self) -> Answer:
        inner = {"date": "2026-03-05T10:40:00", "request-id": "1137f277-eab4-4b9b"}
        error = {"code": self.code, "message": self.message, "innerError": inner}
        # So says Graph whoever is told to wait, in seconds.
        patience = {"Retry-After": "10"} if self.status == 429 else {}
        return answer({"error": error}, self.status, **patience)


def answer(value: object, status: int = 200, **headers: str) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json; odata.metadata=minimal; charset=utf-8"}
    return Answer(status, body, kind | headers)


def no_segment() -> GraphRefusalError:
    return GraphRefusalError(400, "BadRequest", "Resource not found for the segment.")


def only(row: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return what `$select` leaves: always the id, and what is expanded."""
    kept = {"id", EXTENDED, *fields}
    return {
        key: value for key, value in row.items() if key in kept or key.startswith("@")
    }
