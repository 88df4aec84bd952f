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
`later MINUTES` begins another call that much after the one before it. The `audit`
lines of a call, such as `audit DivertSet by voice`, are all the changes it made.

Unless it `dials` something else (`3339`, `*23*3#`, an extension), a call is to 4949.
`unknown` stands where the exchange does not say who calls; `has` is then said of the
extension in `from`, as is `pin`, its PIN. `lists 1300 Anna Berg, Skola` is somebody
else in the directory, and `through 1300` whom the caller must be put through to.
What `calendar`, `books` and `invites` do stands in `voice/trials/booked.py`.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from voice.divert.model import Divert, Extension, Mode, ReasonCode, Source
from voice.divert.walltime import at, local
from voice.trials.booked import WORDS, Calendars, read_calendars
from voice.trials.lines import Line, extension, fault, instant

NOW = at(date(2026, 3, 4), time(10))
"""When a call takes place that does not say: a Wednesday morning."""
CALLER = Extension("1234")
"""Who calls where a screenplay does not say."""

# What the caller may do without any sound, with it, and in both kinds of call.
_WORDLESS = ("says", "mumbles", "outstays")
_SOUNDING = ("plays", "over", "waits")
_CALLER_WORDS = (*_WORDLESS, *_SOUNDING, "keys", "silence", "hangs")
_DEMANDS = ("hears", "stands", "ends", "audit", "through")
_SETTING = ("now", "from", "has", "dials", "unknown", "pin", "lists", *WORDS)
_KEYS = frozenset("0123456789*#")
_LONGEST_WAIT = 3600.0


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
    dialled: str = "4949"
    is_known: bool = True
    """Whether the exchange says who calls."""
    pin: str | None = field(default=None, repr=False)
    others: tuple[tuple[Extension, str, str], ...] = ()
    """Extension, name and unit of everybody else in the directory."""
    calendars: Calendars | None = None

    @property
    def has_sound(self) -> bool:
        """Tell whether ears are needed: in a call without sound, words are read."""
        return not any(line.word in _WORDLESS for line in self.lines)

    @property
    def calls(self) -> "tuple[Screenplay, ...]":
        """Return its calls, each by itself; only the first has anything standing."""
        calls = [replace(self, lines=())]
        for line in self.lines:
            if line.word == "later":
                now = calls[-1].now + timedelta(minutes=int(line.rest))
                calls.append(replace(self, now=now, standing=(), lines=()))
            else:
                calls[-1] = replace(calls[-1], lines=(*calls[-1].lines, line))
        return tuple(calls)

    @property
    def is_soundless(self) -> bool:
        """Tell whether nothing in it is a sound, so that no ears are needed."""
        return not any(line.word in _SOUNDING for line in self.lines)

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
    about_calendars: list[Line] = []
    set_so = _Setting()
    for number, written in enumerate(text.splitlines(), 1):
        word, _, rest = written.strip().partition(" ")
        line = Line(number, word, rest.strip())
        match word:
            case "":
                continue
            case "now":
                now = instant(line, name, now)
            case "from":
                caller = extension(line, name)
            case "has":
                has.append(line)
            case _ if word in WORDS:
                about_calendars.append(line)
            case "dials" | "unknown" | "pin" | "lists":
                set_so.take(line, name)
            case _ if word in (*_DEMANDS, *_CALLER_WORDS, "later"):
                lines.append(_checked(line, name))
            case _ if not word.startswith("#"):
                known = ", ".join((*_SETTING, *_CALLER_WORDS, *_DEMANDS, "later"))
                what = f"'{word}' is no word of a screenplay: use {known}, or #"
                raise fault(line, name, what)
    _check_kind(lines, name)
    standing = tuple(_divert(line, name, now, caller) for line in has)
    title = next((t for t in map(_comment, text.splitlines()) if t), "")
    play = Screenplay(name, folder, now, caller, standing, tuple(lines), title)
    return replace(
        play,
        dialled=set_so.dialled,
        is_known=set_so.is_known,
        pin=set_so.pin,
        others=tuple(set_so.others),
        calendars=read_calendars(about_calendars, name, now, caller),
    )


@dataclass(slots=True)
class _Setting:
    """Where a call goes, and who else there is, as far as it has been read."""

    dialled: str = "4949"
    is_known: bool = True
    pin: str | None = None
    others: list[tuple[Extension, str, str]] = field(default_factory=list)

    def take(self, line: Line, name: str) -> None:
        """Read one line."""
        match line.word:
            case "dials" if line.rest and _KEYS.issuperset(line.rest):
                self.dialled = line.rest
            case "unknown" if not line.rest:
                self.is_known = False
            case "pin" if line.rest.isdecimal():
                self.pin = line.rest
            case "lists" if len(words := line.rest.split(" ", 1)) == 2:
                person, _, unit = words[1].partition(",")
                number = extension(replace(line, rest=words[0]), name)
                self.others.append((number, person.strip(), unit.strip()))
            case word:
                raise fault(line, name, f"'{word} {line.rest}' cannot be read")


def _comment(written: str) -> str:
    return written.strip("# ") if written.startswith("#") else ""


def _checked(line: Line, name: str) -> Line:
    """Return the line when what stands after its word can be done."""
    match line.word:
        case "keys" if not line.rest or not _KEYS.issuperset(line.rest):
            what = f"'{line.rest}' cannot be keyed: write digits, * and #"
        case "waits" if not _is_wait(line.rest):
            what = f"'{line.rest}' is no wait: write seconds, up to an hour"
        case "later" if not line.rest.isdecimal():
            what = f"'{line.rest}' is no number of minutes: write later 11"
        case "hangs" if line.rest not in ("up", "up at once"):
            what = "write 'hangs up', or 'hangs up at once'"
        case "silence" | "outstays" if line.rest:
            what = f"write '{line.word}' alone on its line"
        case "says" | "mumbles" | "plays" | "over" | "hears" | "ends" if not line.rest:
            what = f"write what belongs to '{line.word}' after it"
        case _:
            return line
    raise fault(line, name, what)


def _is_wait(text: str) -> bool:
    try:
        return 0 < float(text) <= _LONGEST_WAIT
    except ValueError:
        return False


def _check_kind(lines: list[Line], name: str) -> None:
    """Refuse a call in which some words are sounds and others are read."""
    read_words = [line for line in lines if line.word in _WORDLESS]
    sounding = [line for line in lines if line.word in _SOUNDING]
    if read_words and sounding:
        what = (
            f"'{sounding[0].word}' needs sound, and '{read_words[0].word}' has none: "
            "write a call with one or the other"
        )
        raise fault(sounding[0], name, what)


def _divert(line: Line, name: str, now: datetime, caller: Extension) -> Divert:
    """Read `SAM until 2026-03-05 15:00 by calendar informing`; all but SAM optional."""
    words = line.rest.split()
    if not words:
        raise fault(line, name, "has what? Write a reason, such as SAM")
    until: datetime | None = None
    source, mode = Source.VOICE, Mode.CLOSED
    rest = words[1:]
    while rest:
        match rest:
            case ["until", day, clock, *rest] if ":" in clock:
                until = instant(line, name, now, f"{day} {clock}")
            case ["until", clock, *rest]:
                until = instant(line, name, now, clock)
            case ["by", mouth, *rest] if mouth in list(Source):
                source = Source(mouth)
            case ["informing", *rest]:
                mode = Mode.INFORMING
            case _:
                raise fault(line, name, _unread(rest))
    start = now.astimezone(UTC)
    reason = ReasonCode(words[0])
    return Divert(caller, reason, start, until, mode, source, set_at=start)


def _unread(rest: list[str]) -> str:
    return (
        f"'{' '.join(rest)}' cannot be read: write as in "
        "SAM until 2026-03-05 15:00 by calendar informing"
    )


def moved(play: Screenplay, now: datetime, caller: Extension) -> Screenplay:
    """Return a call as made at another time by somebody else; what stands comes along.

    What calendars hold stays where it is.
    """
    later = now - play.now
    standing = tuple(
        replace(
            divert,
            extension=caller,
            start=divert.start + later,
            until=divert.until and divert.until + later,
            set_at=divert.set_at + later,
        )
        for divert in play.standing
    )
    return replace(play, now=now, caller=caller, standing=standing)


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
