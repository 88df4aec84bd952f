"""Everything that can be heard in a call, and calls told from it."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from hypothesis import strategies as st

from voice.dialogue.actions import Action
from voice.dialogue.heard import (
    Asked,
    Connected,
    Deaf,
    Digits,
    Found,
    Happened,
    Heard,
    HungUp,
    Identified,
    Meant,
    No,
    NotConnected,
    NotIdentified,
    NotListed,
    Routed,
    Silent,
    TimeIsUp,
    Topic,
    Unclear,
    Yes,
)
from voice.dialogue.opening import answer, ask_pin, ask_who, reach
from voice.dialogue.people import Person, Picked, Sought
from voice.dialogue.states import Dialled, Keying, Start, State
from voice.dialogue.step import step
from voice.divert.advice import Advice, Snag
from voice.divert.diary import Diary, Meeting
from voice.divert.forecast import Forecast, Stretch
from voice.divert.model import (
    ChangeDivert,
    ChangeUndone,
    ClearDivert,
    Divert,
    DivertChanged,
    DivertsCleared,
    DivertSet,
    Mode,
    Refused,
    SetDivert,
    Source,
    UndoChange,
    Until,
)
from voice.divert.routing import Announce, Inform, Outlook, Ring
from voice.divert.walltime import at

EXTENSION = "1234"
NOW = at(date(2026, 3, 4), time(10))
REASONS = ("SAM", "LUN", "SEM", "SJK")
# Why a command can be refused: the rules and the codes say no more than this.
WHYS = [
    "unknown_reason",
    "until_has_passed",
    "until_before_start",
    "nothing_to_clear",
    "not_that_reason",
    "nothing_to_change",
    "nothing_to_undo",
    "has_no_end",
    "no_such_code",
    "no_such_time",
    "no_such_date",
    "time_incomplete",
]

instants = st.integers(1, 60 * 24 * 20).map(lambda m: NOW + timedelta(minutes=m))
reasons = st.sampled_from(REASONS)
lengths = st.sampled_from([15, 60, 90, -30, 61, 1, 1440]).map(
    lambda m: timedelta(minutes=m)
)
sets = st.builds(
    SetDivert,
    extension=st.just(EXTENSION),
    reason=reasons,
    until=st.none() | instants | st.sampled_from(Until),
    start=st.none() | instants,
    mode=st.sampled_from(Mode),
)
times = st.builds(
    ChangeDivert,
    extension=st.just(EXTENSION),
    reason=st.none(),
    to=instants | st.sampled_from(Until),
)
changes = times | st.builds(
    ChangeDivert,
    extension=st.just(EXTENSION),
    reason=reasons,
    to=st.none() | instants | lengths | st.sampled_from(Until),
)
commands = (
    sets
    | changes
    | st.builds(
        ChangeDivert, extension=st.just(EXTENSION), reason=st.none(), to=lengths
    )
    | st.builds(ClearDivert, extension=st.just(EXTENSION), reason=st.none() | reasons)
    | st.just(UndoChange(EXTENSION))
)
meant = st.builds(Meant, commands, st.booleans()) | st.builds(
    Meant, times, st.booleans(), st.none() | instants
)


@st.composite
def diverts(draw: st.DrawFn) -> Divert:
    start = draw(st.just(NOW) | instants)
    until = draw(st.none() | instants.map(lambda i: i + (start - NOW)))
    mode, source = draw(st.sampled_from(Mode)), draw(st.sampled_from(Source))
    return Divert(EXTENSION, draw(reasons), start, until, mode, source, NOW)


some = st.lists(diverts(), min_size=1, max_size=3).map(tuple)
events = (
    st.builds(DivertSet, diverts())
    | st.builds(DivertsCleared, some)
    | st.builds(DivertChanged, diverts(), diverts())
    | st.builds(ChangeUndone, some, some)
    | st.builds(Refused, st.sampled_from(WHYS))
)
maybe = st.none() | diverts()
outlooks = st.builds(Outlook, maybe, maybe, maybe)
destinations = (
    st.just(Ring())
    | st.builds(Inform, diverts())
    | st.builds(Announce, diverts(), st.none() | instants, st.none() | instants)
)
stretches = st.builds(Stretch, diverts(), st.none() | instants, st.none() | instants)
forecasts = st.builds(
    Forecast,
    instants.map(lambda i: i.date()),
    st.lists(stretches, max_size=3).map(tuple),
    st.booleans(),
)
diaries = st.builds(
    Diary,
    instants,
    st.none() | instants,
    st.none() | instants,
    st.lists(
        st.builds(Advice, st.sampled_from(Snag), instants, instants), max_size=4
    ).map(tuple),
    st.lists(st.builds(Meeting, instants, st.integers(2, 2000)), max_size=3).map(tuple),
)
happened = st.builds(Happened, events, outlooks)
persons = st.builds(
    Person,
    st.sampled_from(["1300", "1301", "1302", "1303", "1304"]),
    st.sampled_from(["Anna Berg", "Bo Lund"]),
    st.sampled_from(["", "Skola"]),
)
sought = st.builds(Sought, st.lists(persons, max_size=5, unique=True).map(tuple))
heard = (
    meant
    | st.builds(Asked, st.sampled_from(Topic))
    | st.sampled_from([Yes(), No(), Unclear(), Silent()])
    | happened
    | st.builds(Found, outlooks, st.none() | forecasts, st.none() | diaries)
    | st.sampled_from([Connected(), NotConnected(), Deaf()])
    | st.sampled_from([Identified(), NotIdentified(), NotListed(), Digits("1234")])
    | sought
    | st.builds(Picked, st.integers(1, 3))
    | st.builds(Routed, st.just(EXTENSION), st.just("Anna Berg"), destinations)
)
OPENINGS = [
    answer(),
    answer(Keying()),
    answer(Dialled("*23*3#")),
    answer(Dialled("*23*3#", by_tone=True)),
    ask_who(Start()),
    ask_who(Keying()),
    ask_pin(Start(), EXTENSION),
    reach(EXTENSION),
]
openings = st.sampled_from(OPENINGS).map(lambda turn: turn[0])
stories = st.lists(heard | st.sampled_from([HungUp(), TimeIsUp()]), max_size=12)
# Calls in which nobody asks to leave.
staying = st.lists(heard, max_size=8)

Moves = Iterator[tuple[State, Heard, State, tuple[Action, ...]]]


def told(story: Sequence[Heard], state: State | None = None) -> Moves:
    """Yield each move of a call: where it was, what was heard, and what came of it."""
    state = answer()[0] if state is None else state
    for each in story:
        after, actions = step(state, each)
        yield state, each, after, actions
        state = after


def ending(story: Sequence[Heard]) -> State:
    """Return where a call is after all of it."""
    return [answer()[0], *(after for _, _, after, _ in told(story))][-1]
