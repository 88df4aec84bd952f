"""The lines of said.toml: what was said, where and when, and what it must mean."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from voice.dialogue.heard import Asked, Heard, Meant, No, Topic, Unclear, Yes
from voice.dialogue.people import Person, Picked, Sought
from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Command,
    Mode,
    SetDivert,
    Source,
    UndoChange,
    Until,
)
from voice.divert.walltime import at
from voice.house import read_catalog, red_days
from voice.language.names import with_people
from voice.language.times import Moment
from voice.language.understand import Here

ROOT = Path(__file__).parent.parent.parent
PEOPLE = {
    person.extension: person
    for person in (
        Person("1300", "Anna Berg", "Skola"),
        Person("1301", "Anna Berg", "Vård"),
        Person("1302", "Bo von Essen", "Skola", ("vaktmästare", "bosse")),
        Person("1303", "Eva-Lena Lind", "Bibliotek"),
    )
}
"""Who is in the directory."""
CATALOG = with_people(read_catalog(ROOT / "grammar"), tuple(PEOPLE.values()))
EXTENSION = "1234"
WEDNESDAY = datetime(2026, 3, 4, 10)
_NAMES = {"yes": Yes(), "no": No(), "nothing": Unclear()}


def here(
    place: str = "start",
    when: datetime = WEDNESDAY,
    how: Source = Source.VOICE,
) -> Here:
    """Return a situation at a Swedish wall-clock time."""
    moment = Moment(at(when.date(), when.time()), red_days(when.year), CATALOG.parts)
    return Here(place, EXTENSION, moment, how)


@dataclass(frozen=True, slots=True)
class Line:
    """One phrase, said somewhere and sometime, and what it must mean."""

    text: str
    here: Here
    means: Heard

    def __str__(self) -> str:
        """Name the line in pytest's output."""
        return f"{self.here.place}: {self.text}"


def lines() -> list[Line]:
    """Read every phrase of said.toml."""
    data = tomllib.loads(Path(__file__).with_name("said.toml").read_text("utf-8"))
    return [line for said in data["said"] for line in _lines(**said)]


def _lines(
    words: list[str],
    means: str | dict[str, Any],
    place: str = "start",
    when: datetime = WEDNESDAY,
) -> list[Line]:
    if isinstance(means, str):
        meant: Heard = _NAMES.get(means) or Asked(Topic(means))
    elif "seek" in means:
        meant = Sought(tuple(PEOPLE[extension] for extension in means["seek"]))
    elif "pick" in means:
        meant = Picked(means["pick"])
    else:
        ((command, told),) = means.items()
        wanted = dict(told)
        sure, begins = wanted.pop("sure", True), wanted.pop("begins", None)
        start = None if begins is None else _instant(begins, when)
        meant = Meant(_command(command, wanted, when), sure, start)
    return [Line(text, here(place, when), meant) for text in words]


def _command(name: str, told: dict[str, Any], when: datetime) -> Command:
    reason = told.get("reason")
    until = _until(told["until"], when) if "until" in told else None
    match name:
        case "set_divert":
            start = _instant(told["start"], when) if "start" in told else None
            mode = Mode(told.get("mode", "closed"))
            return SetDivert(EXTENSION, reason, until, start, mode)
        case "clear_divert":
            return ClearDivert(EXTENSION, reason)
        case "change_divert" if "minutes" in told:
            return ChangeDivert(EXTENSION, reason, timedelta(minutes=told["minutes"]))
        case "change_divert":
            return ChangeDivert(EXTENSION, reason, until)
        case "undo_change":
            return UndoChange(EXTENSION)
    raise ValueError(f"said.toml: there is no command {name}")


def _until(text: str, when: datetime) -> datetime | Until:
    return Until.CLEARED if text == "cleared" else _instant(text, when)


def _instant(text: str, when: datetime) -> datetime:
    """Read "14:30" of the day, "2026-03-05 08:00", or an instant with its offset."""
    read = datetime.fromisoformat(text if "-" in text else f"{when.date()} {text}")
    return read if read.tzinfo else at(read.date(), read.time())
