"""Every form that a page shows, read as a browser does and filled in by somebody."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_TYPED = ("text", "search", "email", "tel", "number", "url", "textarea")


@dataclass(slots=True)
class Field:
    """One field, and all that it can be set to."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_set: bool = False


@dataclass(slots=True)
class ShownForm:
    """A form that is sent by POST."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self) -> dict[str, str]:
        """Return what somebody fills in who changes everything that can be."""
        named = enumerate(self.fields.values(), 1)
        return {each.name: _other(each, f"skrivet{n}") for n, each in named}

    def shows(self, name: str) -> str:
        """Return what stands in a field."""
        return self.fields[name].value if name in self.fields else "(no field)"

    def names_typed(self) -> list[str]:
        """Return what is filled in by hand, and is no secret."""
        kinds = (*_TYPED, "select", "radio", "checkbox")
        return [each.name for each in self.fields.values() if each.kind in kinds]


def _other(each: Field, text: str) -> str:
    match each.kind:
        case "hidden":
            return each.value
        case "select" | "radio":
            others = [option for option in each.options if option != each.value]
            return (others or each.options)[-1]
        case "checkbox":
            return each.options[-1]
        case "number":
            return "7"
        case _:
            return text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[ShownForm] = []
        self._form: ShownForm | None = None
        self._select: Field | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._form = ShownForm(given["action"])
            self.forms.append(self._form)
        if self._form is None or (not given.get("name") and tag != "option"):
            return
        match tag:
            case "input":
                self._input(self._form, given)
            case "button":
                self._form.buttons.append((given["name"], given.get("value", "")))
            case "select":
                self._select = self._add(self._form, given["name"], "select")
            case "textarea":
                self._area = self._add(self._form, given["name"], "textarea")
            case "option" if self._select is not None:
                self._select.options.append(given.get("value", ""))
                if "selected" in given or len(self._select.options) == 1:
                    self._select.value = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._form = None
            case "select":
                self._select = None
            case "textarea":
                self._area = None

    def _input(self, form: ShownForm, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if "readonly" in given or "hidden" in given:
            kind = "hidden"
        made = self._add(form, given["name"], kind)
        if kind not in ("radio", "checkbox"):
            made.value = value
            return
        made.options.append(value or "on")
        if "checked" in given:
            made.value = value or "on"

    def _add(self, form: ShownForm, name: str, kind: str) -> Field:
        return form.fields.setdefault(name, Field(name, kind))


def forms_of(page: str) -> list[ShownForm]:
    """Return the forms of a page that change something."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
