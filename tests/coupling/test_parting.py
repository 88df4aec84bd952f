"""Nothing of ours stays in the calendar of somebody who leaves, or it is said what."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from calendar_house import ANNA, BO, HOUR, MINUTE, NOW, CalendarHouse, meeting

from voice.calendars.memory import MemoryCalendar
from voice.calendars.port import BrokenAnswerError, BusyError
from voice.coupling.linking import follow_none
from voice.coupling.parting import Left, part, partings
from voice.store.links_port import Watching

AWAY = BusyError("It is away.")


class Silent(MemoryCalendar):
    """A calendar that takes what is put and never says that it has removed it."""

    async def drop(self, key):
        await asyncio.Event().wait()


async def booked(house, *extensions, calendar=None):
    """Let phones be closed, with a booking of ours in each calendar."""
    for extension in extensions:
        if calendar is not None:
            house.calendars[extension] = calendar
        await house.couple(extension)
        await house.set(until=NOW + HOUR, extension=extension)
        await house.settle(extension)
        assert len(house.calendars[extension].entries()) == 1


async def removed(house, *extensions, **patience):
    """Remove people from the directory, and take what is ours out of calendars."""
    store = house.store
    parted = await partings(store, extensions)
    await store.directory.put([], house.now, "test", frozenset(extensions))
    assert await store.links.list() == ()
    return await part(parted, house.coupled, **patience)


async def test_what_is_ours_leaves_the_calendars_of_all_who_leave():
    house = CalendarHouse()
    await booked(house, ANNA, BO)
    theirs = meeting("their own")
    house.calendars[ANNA].keep(theirs)
    assert await removed(house, ANNA, BO) == ()
    assert house.calendars[ANNA].entries() == (theirs,)
    assert house.calendars[BO].entries() == ()


async def test_what_is_past_stays_as_it_was():
    house = CalendarHouse()
    await booked(house, ANNA)
    house.now += 2 * HOUR
    assert await removed(house, ANNA) == ()
    assert len(house.calendars[ANNA].entries()) == 1


async def test_what_stays_in_a_calendar_that_is_away_is_told_with_the_remedy():
    house = CalendarHouse()
    await booked(house, ANNA, BO)
    house.calendars[ANNA].fail(AWAY)
    (left,) = await removed(house, ANNA, BO)
    assert left == Left(ANNA, (NOW,), "It is away.")
    assert str(left) == (
        "What we wrote into the calendar of 1234 may be left there, at "
        "2026-03-05 09:00: remove it by hand. It is away."
    )
    assert house.calendars[BO].entries() == ()


async def test_one_booking_that_cannot_be_removed_holds_up_no_other():
    house = CalendarHouse()
    await booked(house, ANNA)
    await house.set("TJÄ", until=NOW + 3 * HOUR)
    house.now += MINUTE
    await house.settle()
    there = len(house.calendars[ANNA].entries())
    assert there > 1
    house.calendars[ANNA].fail(BrokenAnswerError("It makes no sense."))
    (left,) = await removed(house, ANNA)
    assert (len(left.starts), left.why) == (1, "It makes no sense.")
    assert len(house.calendars[ANNA].entries()) == 1


async def test_nobody_waits_for_ever_for_a_calendar_that_is_silent():
    house = CalendarHouse()
    await booked(house, ANNA, calendar=Silent())
    await booked(house, BO)
    (left,) = await removed(house, ANNA, BO, patience=0.2)
    assert (left.extension, left.why) == (ANNA, "It did not answer in time.")
    assert house.calendars[BO].entries() == ()


async def test_the_calendar_of_who_leaves_is_asked_to_call_no_more():
    house = CalendarHouse()
    calendar = await house.couple()
    watch = await calendar.watch("https://here", "secret", NOW + timedelta(days=1))
    linked = await house.linked()
    kept = Watching(watch.id, watch.resource, "secret", watch.until)
    await house.store.links.note({linked.link: replace(linked.progress, watching=kept)})
    assert await removed(house, ANNA) == ()
    assert calendar.watches == []


async def test_what_stays_when_a_phone_follows_no_calendar_is_told_too():
    house = CalendarHouse()
    await booked(house, ANNA)
    house.calendars[ANNA].fail(AWAY)
    assert await follow_none(ANNA, house.coupled, "test") == (
        Left(ANNA, (NOW,), "It is away."),
    )
