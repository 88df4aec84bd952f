"""Invented stories of bookings of ours: no divert is cleared that nobody cleared.

A person sets, extends and clears by phone; the owner removes and moves what we wrote;
servers fail, forget, and come back from a backup; the process is begun anew. Whatever
happens, a divert stands until its time is over unless the phone or the owner ended it.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

from calendar_house import ANNA, HOUR, MINUTE, CalendarHouse
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from voice.calendars.memory import busy
from voice.calendars.port import AccessDeniedError, BrokenAnswerError
from voice.divert.model import ChangeDivert, UndoChange

faults = st.sampled_from(
    [busy(), busy(90), AccessDeniedError("No."), BrokenAnswerError("Half.")]
)


class OwnerStory(RuleBasedStateMachine):
    """One phone, and what its owner does to what we write."""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.house = CalendarHouse()
        self.calendar = self.runner.run(self.house.couple())
        self.runner.run(self.house.follow())
        # The divert that is to stand, as the phone has made it last.
        self.divert = None
        # Whether its owner has laid hand on any booking of ours since.
        self.touched = False
        self.backup = ()

    def teardown(self):
        self.runner.close()

    def _known(self, *, touched=False):
        standing = self.runner.run(self.house.standing())
        self.divert = max(standing, key=lambda d: d.set_at, default=None)
        self.touched = touched

    @rule(minutes=st.integers(2, 300))
    def is_set(self, minutes):
        until = self.house.now + minutes * MINUTE
        self.runner.run(self.house.set(until=until))
        self._known()

    @rule(minutes=st.integers(-30, 90))
    def is_extended(self, minutes):
        more = ChangeDivert(ANNA, to=minutes * MINUTE)
        self.runner.run(self.house.says(more))
        self._known(touched=self.touched)

    @rule()
    def is_cleared(self):
        self.runner.run(self.house.clear())
        self._known()

    @rule()
    def is_undone(self):
        self.runner.run(self.house.says(UndoChange(ANNA)))
        self._known(touched=self.touched)

    @rule(fault=st.none() | faults)
    def is_read(self, fault):
        self.calendar.fail(*[fault] if fault else [])
        self.runner.run(self.house.follow())
        self.calendar.mend()

    @rule(fault=st.none() | faults)
    def is_written(self, fault):
        self.calendar.fail(*[fault] if fault else [])
        self.runner.run(self.house.settle())
        self.calendar.mend()

    @rule()
    def its_owner_removes_it(self):
        for entry in self._ours():
            self.calendar.remove(entry.key)
            self.touched = True

    @rule(start=st.sampled_from([-30, 0, 0, 0]), end=st.integers(-90, 90))
    def its_owner_moves_it(self, start, end):
        for entry in self._ours():
            begins, ends = entry.start + start * MINUTE, entry.end + end * MINUTE
            self.calendar.keep(replace(entry, start=begins, end=ends))
            self.touched = True

    @rule()
    def its_owner_makes_it_private_and_free(self):
        for entry in self._ours():
            self.calendar.keep(replace(entry, private=True, mark=None, free=True))

    @rule()
    def the_server_is_backed_up(self):
        self.backup = self.calendar.entries()

    @rule()
    def the_server_is_restored(self):
        for entry in self.calendar.entries():
            self.calendar.remove(entry.key)
        for entry in self.backup:
            self.calendar.keep(entry)
        self.calendar.expire()

    @rule()
    def the_server_forgets_where_we_were(self):
        self.calendar.expire()

    @rule(passed=st.sampled_from([1, 5, 11, 60, 600, 3600]))
    def time_passes(self, passed):
        self.house.now += timedelta(seconds=passed)

    @rule()
    def the_process_is_begun_anew(self):
        house = self.house
        self.house = CalendarHouse(
            house.store, now=house.now, calendars=house.calendars
        )
        self.runner.run(self.house.resume())

    @precondition(lambda self: self.divert is not None and not self.touched)
    @rule()
    def in_calm_weather_a_removal_clears(self):
        if self.divert.until - self.house.now < HOUR:
            return
        for _ in range(3):
            # Rights that are missed are tried for again in half an hour.
            self.runner.run(self.house.settle())
            self.runner.run(self.house.follow())
            self.house.now += 12 * MINUTE
        if self.divert.until <= self.house.now + MINUTE:
            return
        written = [e for e in self._ours() if e.end > self.house.now and not e.private]
        if len(written) != 1:
            return
        self.calendar.remove(written[0].key)
        self.runner.run(self.house.follow())
        for _ in range(2):
            self.runner.run(self.house.settle())
            self.house.now += timedelta(seconds=11)
        assert self.divert not in self.runner.run(self.house.standing())
        self._known()

    def _ours(self):
        return [each for each in self.calendar.entries() if each.ours]

    @invariant()
    def what_was_set_stands_unless_it_was_ended(self):
        if self.divert is None or self.touched:
            return
        if not self.divert.ended(self.house.now):
            assert self.divert in self.runner.run(self.house.standing())


TestOwnerStory = OwnerStory.TestCase
TestOwnerStory.settings = settings(
    max_examples=80, stateful_step_count=40, deadline=timedelta(seconds=60)
)
