"""Screenplays: a whole call as text, with what must come of it (`.call` files).

    # Lunch, and then changed one's mind.
    now      2026-03-05 11:40
    from     1234
    has      SAM until 15:00 by calendar
    says     hänvisning lunch till halv ett
    hears    Lunch, åter tolv och trettio. Klart.
    keys     #23#
    hangs up
    stands   nothing
    ends     hung_up

`plays FILE` is a sound in the place of `says`, `over FILE` one that interrupts the
attendant, `mumbles` what is heard with doubt, `silence` the caller saying nothing,
`waits SECONDS` a pause of that length, `hangs up at once` a caller who does not
wait for the answer, `outstays` a call that never ends by itself.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from voice.divert.model import Divert, Extension, Mode, ReasonCode, Source
from voice.divert.walltime import at, local
from voice.errors import VoiceError

NOW = at(date(2026, 3, 4), time(10))
"""When a call takes place that does not say: a Wednesday morning."""
CALLER = Extension("1234")
"""Who calls where a screenplay does not say."""

_CALLER_WORDS = {
    "says",
    "mumbles",
    "plays",
    "over",
    "keys",
    "silence",
    "waits",
    "hangs",
    "outstays",
}


class ScreenplayError(VoiceError):
    """A screenplay cannot be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is done or must be, and with what."""

    number: int
    word: str
    rest: str


@dataclass(frozen=True, slots=True)
class Screenplay:
    """A call: when, from whom, with what standing, and its lines in order."""

    name: str
    folder: Path
    now: datetime
    caller: Extension
    standing: tuple[Divert, ...]
    lines: tuple[Line, ...]
    title: str = ""
    """The first comment."""

    @property
    def doings(self) -> tuple[Line, ...]:
        """Return what the caller does."""
        return tuple(line for line in self.lines if line.word in _CALLER_WORDS)

    def demanded(self, word: str) -> tuple[str, ...]:
        """Return what must come of it, by the word it stands after."""
        return tuple(line.rest for line in self.lines if line.word == word)


def read(text: str, name: str, folder: Path) -> Screenplay:
    """Read a screenplay; ScreenplayError names the line that cannot be read."""
    now, caller = NOW, CALLER
    has: list[Line] = []
    lines: list[Line] = []
    for number, written in enumerate(text.splitlines(), 1):
        word, _, rest = written.strip().partition(" ")
        line = Line(number, word, rest.strip())
        match word:
            case "":
                continue
            case "now":
                now = _instant(line, name, now)
            case "from":
                caller = Extension(line.rest)
            case "has":
                has.append(line)
            case "hears" | "stands" | "ends":
                lines.append(line)
            case _ if word in _CALLER_WORDS:
                lines.append(line)
            case _ if not word.startswith("#"):
                raise _fault(line, name, f"'{word}' is no word of a screenplay")
    standing = tuple(_divert(line, name, now, caller) for line in has)
    title = next((t for t in map(_comment, text.splitlines()) if t), "")
    return Screenplay(name, folder, now, caller, standing, tuple(lines), title)


def _comment(written: str) -> str:
    return written.strip("# ") if written.startswith("#") else ""


def _fault(line: Line, name: str, what: str) -> ScreenplayError:
    return ScreenplayError(f"{name}:{line.number}: {what}.")


def _instant(line: Line, name: str, now: datetime, text: str = "") -> datetime:
    """Read `2026-03-05 11:40`, or `11:40` of the day of `now`."""
    written = (text or line.rest).replace("T", " ")
    day, _, clock = written.rpartition(" ")
    try:
        on = date.fromisoformat(day) if day else local(now).date()
        return at(on, time.fromisoformat(clock))
    except ValueError:
        fault = f"'{written}' is no time: write 2026-03-05 11:40"
        raise _fault(line, name, fault) from None


def _divert(line: Line, name: str, now: datetime, caller: Extension) -> Divert:
    """Read `SAM until 2026-03-05 15:00 by calendar informing`; all but SAM optional."""
    words = line.rest.split()
    if not words:
        raise _fault(line, name, "has what? Write a reason, such as SAM")
    until: datetime | None = None
    source, mode = Source.VOICE, Mode.CLOSED
    rest = words[1:]
    while rest:
        match rest:
            case ["until", day, clock, *rest] if ":" in clock:
                until = _instant(line, name, now, f"{day} {clock}")
            case ["until", clock, *rest]:
                until = _instant(line, name, now, clock)
            case ["by", mouth, *rest] if mouth in list(Source):
                source = Source(mouth)
            case ["informing", *rest]:
                mode = Mode.INFORMING
            case _:
                raise _fault(line, name, f"'{' '.join(rest)}' cannot be read")
    start = now.astimezone(UTC)
    reason = ReasonCode(words[0])
    return Divert(caller, reason, start, until, mode, source, set_at=start)


def written(divert: Divert, now: datetime) -> str:
    """Return a divert as `stands` and `has` write it: `SAM until 15:00 informing`."""
    text = str(divert.reason)
    if divert.start > now:
        text += f" from {_clock(divert.start, now)}"
    if divert.until is not None:
        text += f" until {_clock(divert.until, now)}"
    return text + (" informing" if divert.mode is Mode.INFORMING else "")


def _clock(instant: datetime, now: datetime) -> str:
    there = local(instant)
    is_today = there.date() == local(now).date()
    return there.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")
