"""What is true of the diverts in all stories."""

from divert_stories import (
    EXTENSION,
    SITE,
    UNDO,
    bookings,
    changes,
    clears,
    clock_of,
    sets,
    stories,
    undos,
)
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.model import (
    ClearDivert,
    FollowCalendar,
    Mode,
    Refused,
    SetDivert,
    Source,
    Standing,
)
from voice.divert.routing import Ring, counting, route
from voice.divert.rules import applied, decide, difference


def told(story):
    """Yield for each command: when, what, what stood, what came of it, what stands."""
    standing = Standing()
    for now, command in clock_of(story):
        event = decide(command, standing, SITE, now)
        after = applied(event, standing, now)
        yield now, command, standing, event, after
        standing = after


def living(diverts, now):
    return {divert for divert in diverts if not divert.ended(now)}


def booked(diverts):
    return {
        (d.entry, d.reason, d.start, d.until, d.mode)
        for d in diverts
        if d.source is Source.CALENDAR
    }


def by_persons(diverts):
    return {divert for divert in diverts if divert.source is not Source.CALENDAR}


@given(stories)
def test_what_stands_has_not_ended_and_only_bookings_are_opened(story):
    for now, _, _, event, after in told(story):
        if not isinstance(event, Refused):
            assert living(after.diverts, now) == set(after.diverts)
        assert all(d.until is None or d.start < d.until for d in after.diverts)
        assert all(d.source is Source.CALENDAR for d in after.diverts if d.opened)
        keys = [d.entry for d in after.diverts if d.source is Source.CALENDAR]
        assert len(keys) == len(set(keys))


@given(stories)
def test_a_refusal_changes_nothing(story):
    for _, _, before, event, after in told(story):
        if isinstance(event, Refused):
            assert after is before


@given(stories)
def test_a_set_that_is_not_refused_counts_when_it_begins(story):
    for now, command, _, event, after in told(story):
        if isinstance(command, SetDivert) and not isinstance(event, Refused):
            assert event.divert in after.diverts
            if event.divert.holds(now) and command.mode is Mode.CLOSED:
                assert counting(after.diverts, now) == event.divert


@given(stories)
def test_a_phone_that_was_cleared_rings(story):
    for now, command, _, _, after in told(story):
        if command == ClearDivert(EXTENSION):
            assert route(after.diverts, SITE, now) == Ring()


@given(stories)
def test_only_a_calendar_brings_or_takes_bookings(story):
    for now, command, before, _, after in told(story):
        if not isinstance(command, FollowCalendar):
            stood = booked(living(before.diverts, now))
            assert booked(living(after.diverts, now)) == stood


@given(stories, bookings())
def test_a_calendar_is_followed_once_and_touches_nothing_else(story, wanted):
    *_, (now, *_, before) = told([*story, (1, FollowCalendar(EXTENSION, ()))])
    follow = FollowCalendar(EXTENSION, wanted)
    after = applied(decide(follow, before, SITE, now), before, now)
    assert booked(after.diverts) == booked(living(wanted, now))
    assert by_persons(after.diverts) == by_persons(before.diverts)
    assert after.last == before.last
    assert applied(decide(follow, after, SITE, now), after, now) == after


@given(stories, sets | changes | clears)
def test_undo_brings_back_the_very_diverts(story, command):
    *_, (now, _, before, event, after) = told([*story, (1, command)])
    if not isinstance(event, Refused):
        undone = applied(decide(UNDO, after, SITE, now), after, now)
        assert living(undone.diverts, now) == living(before.diverts, now)
        assert decide(UNDO, undone, SITE, now) == Refused("nothing_to_undo")


@given(stories)
def test_what_changed_is_what_the_event_says(story):
    for now, _, before, event, after in told(story):
        gone, new = difference(event)
        left = living(before.diverts, now) - set(gone)
        assert living(after.diverts, now) == left | set(new)


@given(st.lists(st.tuples(st.integers(1, 90), clears | changes | undos)))
def test_no_phone_is_closed_unless_someone_asked(story):
    assert all(after == Standing() for *_, after in told(story))
