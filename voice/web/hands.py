"""What administrators do in the store, and how a form tells that it cannot be done."""

from starlette.requests import Request

from voice.divert.model import Source
from voice.web.administration import NotKeptError
from voice.web.forms import Form
from voice.web.visitors import Visitor


def hand(visitor: Visitor) -> str:
    """Return how the trail names what somebody does on the web."""
    return f"{Source.WEB.value}: {visitor.login}"


def blame(request: Request, form: Form, error: NotKeptError) -> None:
    """Let the next page show what is wrong in a form, and what was filled in."""
    request.state.form = form.blamed(**error.faults)
