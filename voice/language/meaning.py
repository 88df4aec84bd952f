"""What was meant, as plain values: for transcripts, JSON and the command line."""

from datetime import datetime, timedelta
from typing import TypeAlias

from voice.dialogue.heard import Asked, Happened, Heard, Meant
from voice.dialogue.people import Picked, Sought
from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Command,
    FollowCalendar,
    Refused,
    SetDivert,
    UndoChange,
)
from voice.divert.walltime import local

Meaning: TypeAlias = dict[str, str | bool | int | float | None]


def meaning(heard: Heard) -> Meaning:
    """Return a command with its reason, mode and local ISO times; or its name alone.

    `command` is None when nothing was meant, and `why` says why.
    """
    match heard:
        case Meant(command, sure):
            return command_meaning(command) | {"sure": sure}
        case Asked(topic):
            return {"command": topic.value}
        case Sought((person,)):
            return {"command": "seek", "extension": person.extension}
        case Sought(persons):
            return {"command": "seek", "persons": len(persons)}
        case Picked(number):
            return {"command": "pick", "number": number}
        case Happened(Refused(why)):
            return {"command": None, "why": why}
        case _:
            name = type(heard).__name__.lower()
            wanted = name in ("yes", "no")
            return {"command": name} if wanted else {"command": None, "why": name}


def command_meaning(command: Command) -> Meaning:
    """Return a command's name and what it says; times are local ISO 8601."""
    match command:
        case SetDivert(_, reason, until, start, mode):
            return {
                "command": "set_divert",
                "reason": reason,
                "mode": mode.value,
                "start": _iso(start),
                "until": _iso(until),
            }
        case ClearDivert(_, reason):
            return {"command": "clear_divert", "reason": reason}
        case ChangeDivert(_, reason, timedelta() as more):
            minutes = round(more.total_seconds() / 60)
            return {"command": "change_divert", "reason": reason, "minutes": minutes}
        case ChangeDivert(_, reason, to):
            return {"command": "change_divert", "reason": reason, "until": _iso(to)}
        case UndoChange():
            return {"command": "undo_change"}
        case FollowCalendar():
            return {"command": "follow_calendar"}


def _iso(instant: datetime | timedelta | str | None) -> str | None:
    if isinstance(instant, datetime):
        return local(instant).isoformat()
    return None if instant is None else str(instant)
