"""Everything that is wrong with the grammar files, told at once, by file and line."""

import tomllib
from collections.abc import Mapping

from voice.errors import VoiceError

Table = dict[str, object]


class GrammarError(VoiceError):
    """The grammar files have faults; each is a line of the text."""


class Faults:
    """The grammar files being read, and the faults found so far."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._found: list[str] = []

    def table(self, file: str) -> Table:
        """Return the tables of one file; empty, and a fault, when it cannot be read."""
        if file not in self._texts:
            self._found.append(f"{file}: the file is missing: put it back")
            return {}
        try:
            return tomllib.loads(self._texts[file])
        except tomllib.TOMLDecodeError as error:
            self._found.append(f"{file}: not TOML: {error}")
            return {}

    def add(self, file: str, near: str, what: object) -> None:
        """Note a fault in a file, on the line where `near` stands, if it does."""
        lines = self._texts.get(file, "").splitlines() if near else []
        at = next((n for n, line in enumerate(lines, 1) if near in line), None)
        self._found.append(f"{file}:{at}: {what}" if at else f"{file}: {what}")

    def settle(self) -> None:
        """Raise GrammarError when there was any fault."""
        if self._found:
            raise GrammarError("\n".join(dict.fromkeys(self._found)))


def strings(value: object) -> list[str] | None:
    """Return a value that is a list of strings, else nothing."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [str(item) for item in value]
    return None


def tables(value: object) -> dict[str, Table]:
    """Return those entries of a table that are tables themselves."""
    if not isinstance(value, dict):
        return {}
    return {str(key): inner for key, inner in value.items() if isinstance(inner, dict)}
