"""What is asked of Graph: windows, page sizes, fields and bodies."""

import json
import re
from datetime import datetime

from tests.fakes.google_answers import Answer
from tests.fakes.google_http import Asking
from tests.fakes.graph_answers import EXTENDED, GraphRefusalError, answer, only
from tests.fakes.graph_delta import paged
from tests.fakes.graph_items import Item, Json

_EXPAND = re.compile(r"singleValueExtendedProperties\(\$filter=id eq '(.*)'\)")
PAGE = 10
"""How much comes when nobody says."""


def window(asking: Asking) -> tuple[datetime, datetime]:
    start, end = (asking.query[name] for name in ("startDateTime", "endDateTime"))
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def size(asking: Asking) -> int:
    asked = re.search(r"odata\.maxpagesize=(\d+)", asking.headers.get("Prefer", ""))
    return int(asked[1]) if asked else PAGE


def expanded(item: Item, asking: Asking) -> Json:
    """Return a booking with the extended property of ours that is asked for."""
    wanted = _EXPAND.fullmatch(asking.query.get("$expand", ""))
    if wanted is None or wanted[1] not in item.extended:
        return item.row()
    extended = {"id": wanted[1], "value": item.extended[wanted[1]]}
    return item.row() | {EXTENDED: [extended]}


def selected(row: Json, asking: Asking) -> Json:
    fields = asking.query.get("$select")
    return only(row, fields.split(",")) if fields else row


def listed(rows: list[Json], asking: Asking, place: str) -> Answer:
    """Answer with a page of an ordinary list, and with where it goes on."""
    skip = int(asking.query.get("$skip", 0))
    page, more = paged(rows, skip, int(asking.query.get("$top", PAGE)))
    told: Json = {"value": [selected(row, asking) for row in page]}
    if more:
        kept = {key: value for key, value in asking.query.items() if key != "$skip"}
        query = "&".join(f"{key}={value}" for key, value in kept.items())
        on = f"{place}{asking.path}?{query}&$skip={skip + len(page)}"
        told["@odata.nextLink"] = on
    return answer(told)


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
