"""What hooks are told: nothing lost, nothing twice, whenever it is asked for."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Divert,
    EntryKey,
    Extension,
    FollowCalendar,
    Mode,
    ReasonCode,
    Refused,
    SetDivert,
    Site,
    Source,
    Standing,
    UndoChange,
)
from voice.divert.rules import applied, decide
from voice.language.catalog import Catalog
from voice.store.hooks_port import Happened, HookEvent, Position
from voice.web.hooks.happenings import Moment, Occurrence, Reach, after, moments
from voice.web.hooks.letters import id_of
from voice.web.hooks.patience import is_in_vain, pause

NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
ANNA, BO = Extension("1234"), Extension("1300")
BEGUN, CHANGED, ENDED = HookEvent
MINUTE = timedelta(minutes=1)
START = Reach(Position(0), NOW)


def away(
    begins: int, ends: int | None, reason: str = "SAM", of: Extension = ANNA
) -> Divert:
    """An absence from one minute to another."""
    until = None if ends is None else NOW + ends * MINUTE
    start = NOW + begins * MINUTE
    code, mode = ReasonCode(reason), Mode.CLOSED
    return Divert(of, code, start, until, mode, Source.KEYS, NOW)


def change(
    position: int, minute: int, before: Iterable[Divert], after: Iterable[Divert]
) -> Happened:
    before, after = tuple(before), tuple(after)
    whose = (*before, *after)[0].extension
    at = NOW + minute * MINUTE
    return Happened(Position(position), at, whose, "Changed", before, after)


def told(there: Iterable[Moment]) -> list[tuple[str, int, str]]:
    return [
        (each.event, round((each.at - NOW) / MINUTE), each.divert.reason)
        for moment in there
        for each in moment.tells
    ]


def until(minute: int, position: int = 0) -> Reach:
    return Reach(Position(position), NOW + minute * MINUTE)


def test_a_divert_begins_and_ends_by_itself():
    known = {ANNA: (away(5, 10),)}
    assert told(moments(known, (), START, until(4))) == []
    assert told(moments(known, (), START, until(5))) == [(BEGUN, 5, "SAM")]
    both = [(BEGUN, 5, "SAM"), (ENDED, 10, "SAM")]
    assert told(moments(known, (), START, until(60))) == both
    assert told(moments(known, (), until(5), until(60))) == both[1:]
    assert told(moments(known, (), until(10), until(60))) == []


def test_one_that_is_set_for_later_is_told_of_when_it_begins():
    changes = (change(1, 1, (), (away(30, 60),)),)
    assert told(moments({}, changes, START, until(10, 1))) == []
    assert told(moments({}, changes, START, until(40, 1))) == [(BEGUN, 30, "SAM")]


def test_what_is_set_changed_and_cleared_is_told_as_such():
    first, later = away(1, 30), away(1, 45)
    changes = (
        change(1, 1, (), (first,)),
        change(2, 2, (first,), (later,)),
        change(3, 3, (later,), ()),
    )
    there = moments({}, changes, START, until(60, 3))
    assert told(there) == [(BEGUN, 1, "SAM"), (CHANGED, 2, "SAM"), (ENDED, 3, "SAM")]
    assert [each.before for m in there for each in m.tells] == [None, first, None]


def test_one_that_takes_the_place_of_another_is_that_one_changed():
    meeting, trip = away(0, 30), away(0, 30, "TJÄ")
    (only, _) = moments({}, (change(1, 1, (meeting,), (trip,)),), START, until(1, 1))
    assert told([only]) == [(CHANGED, 1, "TJÄ")]


def test_what_others_cannot_see_is_not_told():
    mine = away(0, 30)
    written = Divert(
        mine.extension,
        mine.reason,
        mine.start,
        mine.until,
        mine.mode,
        Source.KEYS,
        NOW + MINUTE,
        EntryKey("our own booking"),
    )
    there = moments({}, (change(1, 1, (mine,), (written,)),), START, until(1, 1))
    assert told(there) == []
    assert there[0].position == 1


def test_a_change_that_comes_late_is_told_of_once():
    """Its clock was behind: what had ended by then had been told already."""
    ended = away(-10, 5)
    changes = (change(1, 3, (ended,), ()),)
    assert told(moments({ANNA: (ended,)}, changes, until(6), until(7, 1))) == []
    longer = away(-10, 20)
    moved = (change(1, 3, (ended,), (longer,)),)
    there = moments({ANNA: (ended,)}, moved, until(6), until(7, 1))
    assert told(there) == [(BEGUN, 6, "SAM")]


def test_what_time_does_is_told_before_what_is_changed_then_and_ends_before_begins():
    stands = (away(-10, 5), away(5, 30, "LUN"))
    changes = (change(1, 5, stands, stands[1:]),)
    there = moments({ANNA: stands}, changes, START, until(5, 1))
    assert told(there) == [(ENDED, 5, "SAM"), (BEGUN, 5, "LUN")]


STEPS = st.lists(
    st.tuples(
        st.sampled_from([ANNA, BO]),
        st.sampled_from(["set", "later", "clear", "change", "undo", "follow"]),
        st.sampled_from(["SAM", "LUN", "SEM"]),
        st.integers(1, 60),
        st.integers(0, 40),
    ),
    max_size=12,
)


def story(
    steps: list[tuple[Extension, str, str, int, int]], site: Site
) -> tuple[list[Happened], datetime]:
    """Let people and calendars change diverts by the rules, as time goes."""
    stands: dict[Extension, Standing] = {}
    changes: list[Happened] = []
    now = NOW
    for whose, what, reason, minutes, pause_ in steps:
        now += pause_ * MINUTE
        length = minutes * MINUTE
        code = ReasonCode(reason)
        booked = Divert(
            whose,
            code,
            now + 5 * MINUTE,
            now + 5 * MINUTE + length,
            Mode.CLOSED,
            Source.CALENDAR,
            now,
            EntryKey(reason),
        )
        command = {
            "set": SetDivert(whose, code, now + length),
            "later": SetDivert(whose, code, now + 2 * length, now + length),
            "clear": ClearDivert(whose),
            "change": ChangeDivert(whose, None, length),
            "undo": UndoChange(whose),
            "follow": FollowCalendar(whose, (booked,) if minutes % 2 else ()),
        }[what]
        before = stands.get(whose, Standing())
        event = decide(command, before, site, now)
        after_ = applied(event, before, now)
        if not isinstance(event, Refused) and after_.diverts != before.diverts:
            position = Position(len(changes) + 1)
            changes.append(
                Happened(position, now, whose, "x", before.diverts, after_.diverts)
            )
        stands[whose] = after_
    return changes, now + 200 * MINUTE


@given(steps=STEPS, cuts=st.lists(st.integers(0, 12), max_size=4))
def test_however_often_it_is_asked_the_same_is_told(
    catalog: Catalog, steps: list, cuts: list[int]
):
    changes, end = story(steps, Site(catalog.reasons))
    whole = moments({}, changes, START, Reach(Position(len(changes)), end))
    parts: list[Moment] = []
    known, since = {}, START
    for cut in [*sorted(cuts), len(changes)]:
        some = [c for c in changes if since.position < c.position <= cut]
        if not some and cut != len(changes):
            continue
        clock = end if cut == len(changes) else some[-1].at
        to = Reach(Position(max(cut, since.position)), clock)
        parts += moments(known, some, since, to)
        known, since = after(known, some), Reach(to.position, max(clock, since.clock))
    assert ids(parts, catalog) == ids(whole, catalog)
    assert len(set(ids(whole, catalog))) == len(ids(whole, catalog))


@given(steps=STEPS)
def test_who_follows_what_is_told_knows_what_stands(catalog: Catalog, steps: list):
    changes, end = story(steps, Site(catalog.reasons))
    stands: dict[Extension, tuple[Divert, ...]] = {}
    follows: dict[Extension, set[object]] = {ANNA: set(), BO: set()}
    since = START
    for each in changes:
        to = Reach(each.position, each.at)
        follow(follows, moments(stands, (each,), since, to))
        stands = after(stands, (each,))
        since = Reach(each.position, max(since.clock, each.at))
        for whose in (ANNA, BO):
            holding = {key(d) for d in stands.get(whose, ()) if d.holds(since.clock)}
            assert follows[whose] == holding
    follow(follows, moments(stands, (), since, Reach(since.position, end)))
    for whose in (ANNA, BO):
        assert follows[whose] == {key(d) for d in stands.get(whose, ()) if d.holds(end)}


@given(steps=STEPS, at=st.integers(0, 200))
def test_after_a_restart_no_more_is_told_than_what_was_not_noted(
    catalog: Catalog, steps: list, at: int
):
    changes, end = story(steps, Site(catalog.reasons))
    whole = moments({}, changes, START, Reach(Position(len(changes)), end))
    cut = whole[min(at, len(whole) - 1)]
    before = [c for c in changes if c.position <= cut.position]
    known = after({}, before)
    rest = [c for c in changes if c.position > cut.position]
    since = Reach(cut.position, cut.clock)
    again = moments(known, rest, since, Reach(Position(len(changes)), end))
    told_before = ids(whole[: min(at, len(whole) - 1) + 1], catalog)
    assert told_before + ids(again, catalog) == ids(whole, catalog)


def ids(there: Iterable[Moment], catalog: Catalog) -> list[str]:
    return [id_of(each, catalog) for moment in there for each in moment.tells]


def key(divert: Divert) -> object:
    return divert.reason, divert.start, divert.until, divert.mode


def follow(follows: dict[Extension, set[object]], there: Iterable[Moment]) -> None:
    for moment in there:
        for each in moment.tells:
            heard(follows[each.divert.extension], each)


def heard(mine: set[object], told: Occurrence) -> None:
    match told.event:
        case HookEvent.DIVERT_BEGUN:
            assert key(told.divert) not in mine
            mine.add(key(told.divert))
        case HookEvent.DIVERT_CHANGED:
            assert told.before is not None
            mine.remove(key(told.before))
            mine.add(key(told.divert))
        case HookEvent.DIVERT_ENDED:
            mine.remove(key(told.divert))


def test_a_hook_is_tried_more_and_more_seldom_for_a_day():
    tries = next(n for n in range(1, 1000) if is_in_vain(n))
    pauses = [pause(n, 0.5) for n in range(1, tries + 1)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=5), timedelta(hours=1))
    day = timedelta(days=1)
    assert day <= sum(pauses, timedelta()) < day + timedelta(hours=1)
    assert pause(3, 0.0) < pause(3, 0.5) < pause(3, 1.0)
    assert pause(10_000, 1.0) < timedelta(hours=2)
