"""Settings written into a settings file, whose comments and order stay."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from voice.errors import VoiceError

Value: TypeAlias = int | str | tuple[str, ...]
_HEADING = re.compile(r"\s*\[\[?\s*([^\[\]#]+?)\s*\]")


class NotWrittenError(VoiceError):
    """A file is written in a way that a setting cannot be put into."""

    def __init__(self) -> None:
        super().__init__(
            "The settings file is written in a way that only people can change: "
            "change it by hand."
        )


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A key of a section; of the nth, where a section can stand several times."""

    section: str
    key: str
    nth: int = 1


def with_settings(text: str, values: Mapping[Place, Value]) -> str:
    """Return a file's text with these values, and all else as it was."""
    written = text
    for place, value in values.items():
        try:
            written = _with(written, place, value)
        except TOMLKitError as error:
            raise NotWrittenError from error
    if tomllib.loads(written) != _wanted(text, values):
        raise NotWrittenError
    return written


def _with(text: str, place: Place, value: Value) -> str:
    document = tomlkit.parse(text)
    section: Any = document.get(place.section, {})
    if isinstance(section, AoT):
        section = section[place.nth - 1]
    if place.key not in section:
        return _with_line(text, place, value)
    section[place.key] = _plain(value)
    return tomlkit.dumps(document)


def _with_line(text: str, place: Place, value: Value) -> str:
    """Add a line where the file explains what it is for, else below its heading."""
    shown = re.compile(rf"\s*#\s*{re.escape(place.key)}\s*=")
    line = f"{place.key} = {tomlkit.item(_plain(value)).as_string()}\n"
    lines = text.splitlines(keepends=True)
    after, nth, is_inside = None, 0, False
    for number, each in enumerate(lines, 1):
        if heading := _HEADING.match(each):
            is_section = heading[1].strip("\"'") == place.section
            nth += is_section
            is_inside = is_section and nth == place.nth
        if is_inside and (heading or shown.match(each)):
            after = number
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if after is None:
        return "".join([*lines, f"\n[{place.section}]\n", line])
    return "".join([*lines[:after], line, *lines[after:]])


def _wanted(text: str, values: Mapping[Place, Value]) -> dict[str, Any]:
    """Return what is to be read of the file, when it has been written."""
    wanted = tomllib.loads(text)
    for place, value in values.items():
        section = wanted.setdefault(place.section, {})
        if isinstance(section, list):
            section = section[place.nth - 1]
        section[place.key] = _plain(value)
    return wanted


def _plain(value: Value) -> int | str | list[str]:
    return list(value) if isinstance(value, tuple) else value
