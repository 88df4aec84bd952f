"""A site, and everything that can be asked of the core, for the tests of this room."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Divert,
    FollowCalendar,
    Kind,
    Mode,
    Reason,
    SetDivert,
    Site,
    Source,
    Standing,
    UndoChange,
    Until,
)
from voice.divert.rules import applied, decide
from voice.divert.walltime import at

EXTENSION = "1234"
RED_DAYS = frozenset(
    {date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1), date(2026, 1, 6)}
)
REASONS = {
    code: Reason(code, digit, kind, lasts)
    for code, digit, kind, lasts in (
        ("SAM", "3", Kind.CLOCK, timedelta(hours=1)),
        ("TJÄ", "2", Kind.CLOCK, timedelta(hours=8)),
        ("SEM", "6", Kind.DATE, Until.NEXT_WORKING_DAY),
        ("LDG", "7", Kind.DATE, Until.CLEARED),
    )
}
SITE = Site(REASONS, RED_DAYS)
MORNING = at(date(2025, 3, 5), time(9))


def instant(text):
    """Read "2025-03-05 11:40" as a Swedish wall-clock time."""
    read = datetime.fromisoformat(text)
    return at(read.date(), read.time())


def divert(
    reason="SAM",
    start="2025-03-05 09:00",
    until="2025-03-05 15:00",
    source=Source.VOICE,
    **more,
):
    begins = instant(start)
    more = {"mode": Mode.CLOSED, "set_at": begins, **more}
    ends = None if until is None else instant(until)
    return Divert(EXTENSION, reason, begins, ends, source=source, **more)


def booking(reason="SAM", start="2025-03-05 09:00", until="2025-03-05 15:00", **more):
    return divert(reason, start, until, Source.CALENDAR, **{"entry": "a", **more})


NOW = instant("2025-03-05 12:00")
MINUTE = timedelta(minutes=1)
SAM = divert()
SEM = divert("SEM", until=None)
BOOKED = booking()
OPENED = replace(BOOKED, opened=True)
UNDO = UndoChange(EXTENSION)
CLEAR = ClearDivert(EXTENSION)


def asked(command, *standing, now=NOW, last=None):
    return decide(command, Standing(standing, last), SITE, now)


def told(*commands, standing=(), now=NOW):
    """Obey the commands a minute apart, and return what stands."""
    stands = Standing(tuple(standing))
    for passed, command in enumerate(commands):
        then = now + passed * MINUTE
        stands = applied(decide(command, stands, SITE, then), stands, then)
    return stands


def a_set(reason="SAM", until=None, start=None, **more):
    until = instant(until) if isinstance(until, str) and " " in until else until
    starts = None if start is None else instant(start)
    return SetDivert(EXTENSION, reason, until, starts, **more)


def a_change(reason=None, to=None):
    to = instant(to) if isinstance(to, str) else to
    return ChangeDivert(EXTENSION, reason, to, Source.KEYS)


def follow(*wanted):
    return FollowCalendar(EXTENSION, wanted)


minutes = st.integers(-120, 480).map(lambda count: timedelta(minutes=count))
instants = minutes.map(lambda offset: MORNING + offset)
codes = st.sampled_from(list(REASONS))
modes = st.sampled_from(Mode)
persons = st.sampled_from([Source.KEYS, Source.VOICE, Source.WEB])


@st.composite
def diverts(draw, source=persons):
    start = draw(instants)
    length = draw(st.integers(1, 300) | st.none())
    until = None if length is None else start + timedelta(minutes=length)
    set_at = start - draw(st.integers(0, 60)) * timedelta(minutes=1)
    reason, mode, mouth = draw(codes), draw(modes), draw(source)
    return Divert(EXTENSION, reason, start, until, mode, mouth, set_at)


@st.composite
def bookings(draw):
    keys = draw(st.lists(st.sampled_from("abcd"), unique=True))
    drawn = []
    for key in keys:
        start = draw(instants)
        until = start + timedelta(minutes=draw(st.integers(1, 300)))
        reason, mode = draw(codes), draw(modes)
        made = Divert(
            EXTENSION, reason, start, until, mode, Source.CALENDAR, start, key
        )
        drawn.append(made)
    return tuple(drawn)


sets = st.builds(
    SetDivert,
    extension=st.just(EXTENSION),
    reason=codes | st.just("XXX"),
    until=instants | st.none() | st.sampled_from(Until),
    start=instants | st.none(),
    mode=modes,
    source=persons,
)
clears = st.builds(ClearDivert, extension=st.just(EXTENSION), reason=codes | st.none())
changes = st.builds(
    ChangeDivert,
    extension=st.just(EXTENSION),
    reason=codes | st.none() | st.just("XXX"),
    to=instants | minutes | st.none(),
    source=persons,
)
follows = st.builds(FollowCalendar, extension=st.just(EXTENSION), wanted=bookings())
undos = st.just(UndoChange(EXTENSION))
commands = sets | clears | changes | follows | undos

# Each command, and the minutes that passed before it was given.
stories = st.lists(st.tuples(st.integers(1, 90), commands), max_size=8)


def clock_of(story, start=MORNING):
    """Yield each command of a story with the instant when it is given."""
    now = start.astimezone(UTC)
    for passed, command in story:
        now += timedelta(minutes=passed)
        yield now, command
