"""Invented stories: whatever happens, phones are closed as the calendars last read say.

A booking of a person's is made, moved, hidden and removed; calls set and clear; servers
fail, forget and come back; the process is begun anew. What must stand is worked out
from a copy of each calendar taken when it was last read with success.
"""

import asyncio
from datetime import timedelta

from calendar_house import ANNA, MINUTE, SITE, CalendarHouse, meeting
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from voice.calendars.memory import busy
from voice.calendars.port import AccessDeniedError
from voice.divert.agenda import unmarked_why, wanted
from voice.divert.model import Mark, Mode, ReasonCode, Source
from voice.store.links_port import Step

names = st.sampled_from("abcdef")
minutes = st.integers(-60, 300).map(lambda count: count * MINUTE)
marks = st.none() | st.builds(
    Mark, st.sampled_from(["SAM", "SEM"]).map(ReasonCode), st.sampled_from(Mode)
)
flags = st.sampled_from(
    ["", "", "", "private", "declined", "cancelled", "all_day", "free", "tentative"]
)


def covers(divert, other):
    """Tell whether something is of a divert's mode, and within its time."""
    same_mode = other.mode is divert.mode
    return same_mode and divert.start <= other.start and other.until <= divert.until


def made_of(divert, entries):
    """Return the bookings that a divert can be made of."""
    return {
        (e.key, e.mark, e.start, e.end)
        for e in entries
        if unmarked_why(e) is None and e.mark.mode is divert.mode
        if divert.start <= e.start and e.end <= divert.until
    }


class CalendarStory(RuleBasedStateMachine):
    """One phone and its owner's calendar."""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.house = CalendarHouse()
        self.calendar = self.runner.run(self.house.couple())
        # The calendar as it was last read, and what was opened in it since.
        self.last = ()
        self.opened = set()

    def teardown(self):
        self.runner.close()

    @rule(name=names, start=minutes, length=st.integers(0, 180), mark=marks, flag=flags)
    def books(self, name, start, length, mark, flag):
        begins = self.house.now + start
        more = {flag: True} if flag else {}
        shown = None if flag == "private" else mark
        ends = begins + length * MINUTE
        self.calendar.keep(meeting(name, begins, ends, shown, **more))

    @rule(name=names)
    def unbooks(self, name):
        self.calendar.remove(meeting(name).key)

    @rule()
    def unbooks_all(self):
        for entry in self.calendar.entries():
            if not entry.ours:
                self.calendar.remove(entry.key)

    @rule()
    def the_server_forgets_where_we_were(self):
        self.calendar.expire()

    @rule()
    def is_read(self):
        self.calendar.mend()
        self._read()

    @rule(fault=st.sampled_from([busy(), AccessDeniedError("No."), busy(60)]))
    def is_not_read(self, fault):
        self.calendar.mend()
        self.calendar.fail(fault)
        self._read()

    def _read(self):
        shown = tuple(e for e in self.calendar.entries() if not e.ours)
        self.opened = self._opened_now()
        followed = self.runner.run(self.house.follow())
        if followed.error is None and followed.progress.doubted_at is None:
            self.last = shown

    @rule()
    def is_cleared(self):
        self.runner.run(self.house.clear())
        self.opened = self._opened_now()

    @rule(reason=st.sampled_from(["SAM", "SEM"]))
    def is_set_by_phone(self, reason):
        self.runner.run(self.house.set(reason))

    @rule(is_broken=st.booleans())
    def is_written(self, is_broken):
        self.calendar.mend()
        if is_broken:
            self.calendar.fail(busy())
        if self.runner.run(self.house.settle()) is None:
            self._is_all_written()

    def _is_all_written(self):
        now = self.house.now
        standing = self.runner.run(self.house.standing())
        due = {
            (Mark(d.reason, d.mode), d.start, d.until)
            for d in standing
            if d.source is not Source.CALENDAR and not d.ended(now)
        }
        ours = [e for e in self.calendar.entries() if e.ours and e.end > now]
        assert sorted((e.mark.reason, e.start, e.end) for e in ours) == sorted(
            (mark.reason, start, end) for mark, start, end in due
        )

    @rule(passed=st.integers(1, 200))
    def time_passes(self, passed):
        self.house.now += passed * MINUTE

    @rule()
    def the_process_is_begun_anew(self):
        house = self.house
        self.house = CalendarHouse(
            house.store, now=house.now, calendars=house.calendars
        )
        self.runner.run(self.house.resume())

    def _diverts(self):
        return set(wanted(self.last, ANNA, SITE))

    def _booked(self):
        standing = self.runner.run(self.house.standing())
        return [each for each in standing if each.source is Source.CALENDAR]

    def _opened_now(self):
        """Return the bookings whose phone is open though they divert."""
        booked = self._booked()
        opened = {e for d in booked if d.opened for e in made_of(d, self.last)}
        return opened - {
            e for d in booked if not d.opened for e in made_of(d, self.last)
        }

    @invariant()
    def the_phone_is_closed_as_the_calendar_last_read_says(self):
        now = self.house.now
        held = {d for d in self._booked() if d.holds(now) and not d.opened}
        due = {each for each in self._diverts() if each.holds(now)}
        untouched = {d for d in due if not self.opened & made_of(d, self.last)}
        # What was opened stays open as long as it is as it was, whatever is beside it.
        assert untouched <= held
        for each in held - untouched:
            assert not made_of(each, self.last) <= self.opened
            assert any(covers(divert, each) for divert in due)

    @invariant()
    def nothing_of_ours_is_there_twice(self):
        bookings = self.runner.run(self.house.store.bookings.of(ANNA))
        if any(each.step is not Step.NONE for each in bookings):
            # What a server has not yet moved away can be where the next one comes.
            return
        ours = [e for e in self.calendar.entries() if e.ours]
        spans = [(e.mark, e.start, e.end) for e in ours]
        assert len(spans) == len(set(spans))


TestCalendarStory = CalendarStory.TestCase
TestCalendarStory.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=timedelta(seconds=60)
)
