"""Instants as programs write them: RFC 3339, always with a zone."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, WithJsonSchema

# RFC 3339 §5.6. A number of seconds is no instant that anybody can read.
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def _is_written(value: Any) -> Any:
    is_well = isinstance(value, str) and _WRITTEN.fullmatch(value)
    if not (is_well or isinstance(value, datetime)):
        raise ValueError("an instant is written as 2026-03-05T14:30:00+01:00")
    return value


def _is_near(value: datetime) -> datetime:
    # Compared first: one at the end of time has no other zone.
    if not _EARLIEST < value < _LATEST:
        raise ValueError("an instant lies between the years 2000 and 2100")
    return value.astimezone(UTC)


Instant: TypeAlias = Annotated[
    AwareDatetime,
    BeforeValidator(_is_written),
    AfterValidator(_is_near),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": r"^20[0-9]{2}-",
            "examples": ["2026-03-05T14:30:00+01:00"],
        },
        mode="validation",
    ),
]
"""An instant that is given to us, in UTC once it is read."""
