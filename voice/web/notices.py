"""What somebody is told once, on the next page they see."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from voice.store.sessions_port import SessionId
from voice.web.drawers import Drawer, Drawers, Message
from voice.web.forms import Form
from voice.web.rendering import house_of
from voice.web.visitors import Visitor


def drawers_of(request: Request) -> Drawers:
    """Return the drawers of everybody."""
    drawers: Drawers = request.app.state.drawers
    return drawers


def done(request: Request, visitor: Visitor, page: str, message: Message) -> Response:
    """Send somebody on to a page that says what was done."""
    keep(request, visitor.session, message)
    return RedirectResponse(page, 303)


def keep(
    request: Request, session: SessionId, message: Message, form: Form | None = None
) -> None:
    """Let a message, and perhaps a form, wait for the next page of a session."""
    drawer = Drawer(house_of(request).now(), form, message)
    drawers_of(request).put(session, drawer)
