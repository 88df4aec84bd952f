"""Forms: what was typed in one, what is wrong with it, and what is never kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

TOKEN = "_token"
PAGE = "_page"
OWNER = "_of"
# What a form may be called back with; what only its owner knows is never among it.
_SECRET = re.compile(r"password|secret|token|pin$|^_", re.IGNORECASE)
_MOST_FIELDS = 200
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed in a form, and the page that it stands on.

    Faults are keys of words, each by its field; the field "" is the whole form's.
    """

    action: str
    page: str
    fields: Mapping[str, tuple[str, ...]] = field(repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed in a field, without the blanks round it."""
        return next(iter(self.fields.get(name, ())), "").strip()

    @property
    def owner(self) -> str:
        """Whose page it stands on; what is typed there is shown to nobody else."""
        return self.text(OWNER)

    def all(self, name: str) -> tuple[str, ...]:
        """Return everything that was chosen in a field of several."""
        return self.fields.get(name, ())

    def blamed(self, **faults: str) -> "Form":
        """Return the form with faults, for its page to show; `form` is the whole's."""
        named = {("" if name == "form" else name): key for name, key in faults.items()}
        return replace(self.to_keep(), faults={**self.faults, **named})

    def to_keep(self) -> "Form":
        """Return the form without what is nobody's but who typed it."""
        kept = {n: texts for n, texts in self.fields.items() if not _SECRET.search(n)}
        return replace(self, fields=kept)

    def to_send_again(self) -> "Form | None":
        """Return the form as it can be sent anew; None where that tells secrets."""
        ours = {
            name: self.fields[name]
            for name in (TOKEN, PAGE, OWNER)
            if name in self.fields
        }
        kept = {**self.to_keep().fields, **ours}
        secrets = (self.all(name) for name in self.fields.keys() - kept.keys())
        return None if any(map(any, secrets)) else replace(self, fields=kept)


async def read_form(request: Request) -> Form:
    """Read what was typed in a form; files are passed over."""
    data = await data_of(request)
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in data.multi_items():
        if isinstance(value, str):
            fields[name] = (*fields.get(name, ()), _readable(value))
    path = request.scope["path"]
    return Form(path, local_path(_first(data, PAGE)) or path, fields)


async def read_file(request: Request, name: str) -> bytes | None:
    """Read a file that was sent in a form, once; None where none was."""
    sent = (await data_of(request)).get(name)
    if not isinstance(sent, UploadFile):
        return None
    try:
        return await sent.read() or None
    finally:
        await sent.close()


async def data_of(request: Request) -> FormData:
    """Return the fields of a form; the framework keeps what it has read."""
    return await request.form(max_files=1, max_fields=_MOST_FIELDS)


def token_of(data: FormData) -> str:
    """Return the token by which a form proves that it is ours."""
    return _first(data, TOKEN)


def local_path(text: str) -> str | None:
    """Return a path of this site, such as we send people on to; None for any other."""
    is_path = text.startswith("/") and not text.startswith("//")
    is_plain = text.isprintable() and "\\" not in text and len(text) <= _LONGEST
    return text if is_path and is_plain else None


def _first(data: FormData, name: str) -> str:
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


def _readable(text: str) -> str:
    # No store takes a NUL, and no page shows one.
    return text.replace("\0", "")[:_LONGEST]
