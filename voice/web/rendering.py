"""Makes pages of templates, for whoever asks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from voice.web import navigation
from voice.web.dates import Dates
from voice.web.drawers import Message
from voice.web.forms import Form
from voice.web.numbers import Numbers
from voice.web.port import House
from voice.web.static_files import StaticFile, read_static
from voice.web.visitors import Visitor
from voice.web.words import Language, Words, chosen_language

FOLDER = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "sprak"


class _Compiled(BytecodeCache):
    """Templates as they were compiled, which takes a second for all of them."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what is known; jinja2 looks whether the source is still the same."""
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Pages:
    """The templates, read and checked once."""

    def __init__(self, house: House, folders: Sequence[Path] = (FOLDER,)) -> None:
        self.house, self.static = house, read_static()
        self._environment = environment(self.static, folders)
        for name in self._environment.list_templates():
            self._environment.get_template(name)
        self.there: Collection[str] = ()
        """The paths that answer, once all are known."""

    def page(self, request: Request, name: str, values: Mapping[str, Any]) -> str:
        """Return a page, filled in for who asks."""
        context = {**self._shared(request), **values}
        return self._environment.get_template(name).render(context)

    def part(
        self, request: Request, name: str, block: str, values: Mapping[str, Any]
    ) -> str:
        """Return one block of a page, to be put in the place of the one shown."""
        template = self._environment.get_template(name)
        context = template.new_context({**self._shared(request), **values})
        return "".join(template.blocks[block](context))

    def _shared(self, request: Request) -> dict[str, Any]:
        words, visitor = words_of(request), visitor_of(request)
        path = request.scope["path"]
        return {
            "t": words,
            "dates": Dates(words, self.house.now()),
            "numbers": Numbers(words),
            "languages": tuple(Language),
            "visitor": visitor,
            "ways": navigation.entries(visitor, self.there) if visitor else (),
            "is_at": navigation.is_at,
            "here": path,
            "address": address_of(request),
            "message": _waiting(request, "message", Message),
            "brought": _waiting(request, "form", Form),
        }


def environment(
    static: Mapping[str, StaticFile], folders: Sequence[Path] = (FOLDER,)
) -> Environment:
    """Return the templates, in which nothing is marked up that does not say so."""
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )

    def address(name: str) -> str:
        return f"/static/{name}?v={static[name].mark}"

    made.globals |= {"static": address, "refill": refill, "fault": fault}
    return made


@pass_context
def refill(context: Context, action: str) -> Callable[..., str]:
    """Return how the fields of a form are filled: as they were typed, if they were."""
    form = _form(context, action)

    def typed(name: str, otherwise: object = "") -> str:
        if form is None or name not in form.fields:
            return "" if otherwise is None else str(otherwise)
        return form.text(name)

    return typed


@pass_context
def fault(context: Context, action: str, name: str = "") -> str:
    """Return what is wrong with a field of a form; nothing where it is well."""
    form = _form(context, action)
    key = form.faults.get(name) if form else None
    return cast(Words, context["t"])(key) if key else ""


def _form(context: Context, action: str) -> Form | None:
    form = cast(Form | None, context.get("brought"))
    return form if form is not None and form.action == action else None


def render(
    request: Request, name: str, status: int = 200, **values: Any
) -> HTMLResponse:
    """Answer with a page."""
    return HTMLResponse(pages_of(request).page(request, name, values), status)


def render_part(request: Request, name: str, block: str, **values: Any) -> HTMLResponse:
    """Answer with one block of a page."""
    return HTMLResponse(pages_of(request).part(request, name, block, values))


def wants_part(request: Request) -> bool:
    """Tell whether a page that is shown already asks for a part of it anew."""
    headers = request.headers
    is_history = headers.get("hx-history-restore-request") == "true"
    return headers.get("hx-request") == "true" and not is_history


def pages_of(request: Request) -> Pages:
    """Return the templates."""
    return cast(Pages, request.app.state.pages)


def house_of(request: Request) -> House:
    """Return what the web asks of the house."""
    return pages_of(request).house


def visitor_of(request: Request) -> Visitor | None:
    """Return who asks, where it is known."""
    return cast(Visitor | None, getattr(request.state, "visitor", None))


def words_of(request: Request) -> Words:
    """Return the words of the language that somebody reads."""
    kept = request.cookies.get(LANGUAGE_COOKIE)
    accepted = request.headers.get("accept-language", "")
    return house_of(request).words[chosen_language(kept, accepted)]


def _waiting(request: Request, name: str, kind: type) -> Any:
    found = getattr(request.state, name, None)
    return found if isinstance(found, kind) else None


def is_stream(request: Request) -> bool:
    """Tell whether somebody asks for what happens, as it happens."""
    return "text/event-stream" in request.headers.get("accept", "")


def address_of(request: Request) -> str:
    """Return the path that is asked for, with what follows it."""
    query = request.scope["query_string"].decode("latin-1")
    path = cast(str, request.scope["path"])
    return f"{path}?{query}" if query else path
