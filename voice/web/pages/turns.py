"""One turn of a call as it is read: what was said, meant and done."""

from dataclasses import dataclass
from datetime import datetime

from voice.store.calls_port import Turn, Who
from voice.store.understanding import How, hearing, record_of

_REHEARSED = "rehearsed: "
_REFUSED = "refused: "
_SIXTY = 60


@dataclass(frozen=True, slots=True)
class Meant:
    """What a turn was taken to mean, by its name in the dialogue."""

    command: str
    reason: str = ""
    until: datetime | None = None
    minutes: int | None = None
    number: str = ""
    """Who was meant, where somebody was."""


@dataclass(frozen=True, slots=True)
class Did:
    """What came of a turn: the name of what happened, or why it was refused."""

    name: str
    is_rehearsed: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One turn, as it is read."""

    number: int
    t: float
    who: Who
    text: str
    why: str
    """Why nothing was said or meant, where that is so."""
    score: float | None
    how: How | None
    meant: Meant | None
    did: Did | None
    place: str

    @property
    def clock(self) -> str:
        """The time into the call, as on a stopwatch: "1:07"."""
        return clock(self.t)


def clock(seconds: float) -> str:
    """Return a time as on a stopwatch: "1:07", "1:00:00"."""
    minutes, left = divmod(int(seconds), _SIXTY)
    hours, minutes = divmod(minutes, _SIXTY)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def line(turn: Turn, number: int) -> Line:
    """Return a turn as it is read."""
    heard, record = hearing(turn), record_of(turn.meaning)
    return Line(
        number=number,
        t=turn.t,
        who=turn.who,
        text=turn.text,
        why=_text(record.get("why")),
        score=turn.score,
        how=heard.how if heard else None,
        meant=_meant(record),
        did=_did(turn.event) if turn.event else None,
        place=turn.place or "",
    )


def _meant(record: dict[str, object]) -> Meant | None:
    command = _text(record.get("command"))
    if not command:
        return None
    minutes = record.get("minutes")
    number = record.get("extension") or record.get("number") or record.get("persons")
    return Meant(
        command=command,
        reason=_text(record.get("reason")),
        until=_instant(_text(record.get("until"))),
        minutes=minutes if isinstance(minutes, int) else None,
        number=_text(number),
    )


def _did(event: str) -> Did:
    if event.startswith(_REFUSED):
        return Did("refused", refused=event.removeprefix(_REFUSED))
    rehearsed = event.startswith(_REHEARSED)
    return Did(event.removeprefix(_REHEARSED).replace(" ", "_").lower(), rehearsed)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
