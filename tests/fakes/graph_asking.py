"""What is asked of Graph: windows, page sizes, fields and bodies."""

import json
import re
from datetime import datetime

from tests.fakes.google_http import Asking
from tests.fakes.graph_answers import GraphRefusalError, only
from tests.fakes.graph_items import Json

PAGE = 10
"""How much comes when nobody says."""


def window(asking: Asking) -> tuple[datetime, datetime]:
    start, end = (asking.query[name] for name in ("startDateTime", "endDateTime"))
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def size(asking: Asking) -> int:
    asked = re.search(r"odata\.maxpagesize=(\d+)", asking.headers.get("Prefer", ""))
    return int(asked[1]) if asked else PAGE


def selected(row: Json, asking: Asking) -> Json:
    fields = asking.query.get("$select")
    return only(row, fields.split(",")) if fields else row


def body(asking: Asking) -> Json:
    try:
        body = json.loads(asking.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise GraphRefusalError(
            400, "BadRequest", "Unable to read JSON request payload."
        )
    return body
