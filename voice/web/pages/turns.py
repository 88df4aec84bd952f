"""One turn of a call as it is read: what was said, meant and done."""

from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Mode, Until
from voice.store.calls_port import Turn, Who
from voice.store.understanding import How, hearing, record_of
from voice.web.pages.outward import Discretion

_REHEARSED = "rehearsed: "
_REFUSED = "refused: "
_SIXTY = 60
_ENDS = frozenset(Until)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a turn was taken to mean, by its name in the dialogue."""

    command: str
    reason: str = ""
    start: datetime | None = None
    until: datetime | None = None
    end: str = ""
    """How it ends, where that is by no time."""
    is_informing: bool = False
    """Whether the phone was to stay open."""
    minutes: int | None = None
    number: str = ""
    """Who was meant, where one was."""
    among: int | None = None
    """How many may have been meant, where it was not one."""


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


def line(turn: Turn, number: int, seen: Discretion) -> Line:
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
        meant=_meant(record, seen),
        did=_did(turn.event) if turn.event else None,
        place=turn.place or "",
    )


def _meant(record: dict[str, object], seen: Discretion) -> Meant | None:
    command, until = _text(record.get("command")), _text(record.get("until"))
    if not command:
        return None
    return Meant(
        command=command,
        reason=seen.reason(_text(record.get("reason"))),
        start=_instant(_text(record.get("start"))),
        until=_instant(until),
        end=until if until in _ENDS else "",
        is_informing=record.get("mode") == Mode.INFORMING.value,
        minutes=_number(record.get("minutes")),
        number=_text(record.get("extension") or record.get("number")),
        among=_number(record.get("persons")),
    )


def _did(event: str) -> Did:
    if event.startswith(_REFUSED):
        return Did("refused", refused=event.removeprefix(_REFUSED))
    rehearsed = event.startswith(_REHEARSED)
    return Did(event.removeprefix(_REHEARSED).replace(" ", "_").lower(), rehearsed)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
