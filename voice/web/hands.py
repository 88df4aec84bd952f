"""What administrators do in the store, and how a form tells that it cannot be done."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request

from voice.divert.model import Source
from voice.web.administration import NotKeptError
from voice.web.dates import Dates
from voice.web.drawers import Message
from voice.web.forms import Form
from voice.web.persons_port import Remnant
from voice.web.rendering import house_of, words_of
from voice.web.visitors import Visitor

# Of what may be left in calendars so much is told.
_MOST = 5


def hand(visitor: Visitor) -> str:
    """Return how the trail names what somebody does on the web."""
    return f"{Source.WEB.value}: {visitor.login}"


def blame(request: Request, form: Form, error: NotKeptError) -> None:
    """Let the next page show what is wrong in a form, and what was filled in."""
    request.state.form = form.blamed(**error.faults)


def with_remnants(
    request: Request, key: str, values: Mapping[str, str], left: Sequence[Remnant]
) -> Message:
    """Return what was done; where calendars may still hold something, that too.

    The words of that are those of the key with `_left` behind it.
    """
    if not left:
        return Message(key, values)
    dates = Dates(words_of(request), house_of(request).now())
    told = (
        f"{each.extension} ({', '.join(map(dates.when, each.starts[:_MOST]))})"
        for each in left[:_MOST]
    )
    more = " …" if len(left) > _MOST else ""
    return Message(f"{key}_left", {**values, "left": "; ".join(told) + more})
