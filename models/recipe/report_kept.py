"""The report as it is kept: a value, written as JSON and read back the same."""

import json
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from recipe.measure import Count, Row, Word
from voice.errors import VoiceError

NAME = "report.json"
_T = TypeVar("_T")


class ReportError(VoiceError):
    """There is no report, or it cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One recognizer, measured in a process of its own."""

    name: str
    load_seconds: float
    """CPU time until the first sound can be heard."""
    cpu: float
    """CPU seconds for a second of sound."""
    memory: float
    """Peak, in MB."""
    rows: tuple[Row, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Peers:
    """Recognizers on the same clips; ours is the first."""

    date: str
    command: str
    machine: str
    peers: tuple[Peer, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """How many phrases a list has."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was measured, and how."""

    date: str
    command: str
    model: str
    ask: float
    do: float
    lists: tuple[Phrases, ...]
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    words: tuple[Word, ...]
    """Worst first; without those that were always heard right."""
    confusions: tuple[Count, ...]
    taken: tuple[Count, ...]
    """Sounds to be refused that were accepted as sure."""
    peers: Peers | None = None


def write(report: Report, folder: Path) -> None:
    """Keep a report; the old one stands until the new one is whole."""
    unfinished = folder / f"{NAME}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(written(report), encoding="utf-8")
        unfinished.replace(folder / NAME)
    except OSError as error:
        raise ReportError(
            f"The report cannot be kept in {folder} ({error.strerror}): make room, or "
            "let that folder be written."
        ) from error


def written(report: Report) -> str:
    """Return the report as JSON, a line for each row, so that changes can be seen."""
    parts = (f'"{k}": {_lines(v)}' for k, v in asdict(report).items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(told: object) -> str:
    if not isinstance(told, tuple) or not told:
        return json.dumps(told, ensure_ascii=False)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in told)
    return f"[\n{lines}\n]"


def read(folder: Path) -> Report:
    """Read the kept report."""
    file = folder / NAME
    try:
        told = json.loads(file.read_text("utf-8"))
        return built(Report, told)
    except FileNotFoundError as error:
        raise ReportError(
            f"There is no {file}: measure one by report --recordings TABLE --write."
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(
            f"{file} cannot be read ({error}): measure it anew by report --write."
        ) from error


def built(kind: type[_T], told: Any) -> _T:
    """Make a value of JSON's: dataclasses, tuples, and what JSON has itself.

    TypeError and KeyError where `told` is something else.
    """
    value: _T = _built(kind, told)
    return value


def _built(kind: Any, told: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(told, Mapping):
            raise TypeError(f"{told!r} is no {kind.__name__}")
        hints = get_type_hints(kind)
        return kind(
            **{f.name: _built(hints[f.name], told[f.name]) for f in fields(kind)}
        )
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), told)
    if get_origin(kind) is dict:
        values = get_args(kind)[1]
        return {name: _built(values, one) for name, one in dict(told).items()}
    if get_origin(kind) is types.UnionType:
        (other,) = (one for one in get_args(kind) if one is not type(None))
        return None if told is None else _built(other, told)
    if kind is float and isinstance(told, int):
        return float(told)
    if not isinstance(told, kind):
        raise TypeError(f"{told!r} is no {kind.__name__}")
    return told


def _tuple(kinds: tuple[Any, ...], told: Any) -> tuple[Any, ...]:
    if not isinstance(told, list | tuple):
        raise TypeError(f"{told!r} is no list")
    if kinds[-1] is Ellipsis:
        return tuple(_built(kinds[0], one) for one in told)
    return tuple(_built(kind, one) for kind, one in zip(kinds, told, strict=True))
