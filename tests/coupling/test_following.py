"""Phones that follow calendars, through faults, doubts and a clock that goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from calendar_house import ANNA, HOUR, MINUTE, NOW, CalendarHouse, link_of, meeting

from voice.calendars.memory import busy
from voice.calendars.port import AccessDeniedError, BrokenAnswerError
from voice.coupling.following import follow
from voice.divert.model import FollowCalendar, Source, UndoChange
from voice.store.links_port import LinkKind

DENIED = AccessDeniedError("We may not read it: give us the right to.")


@pytest.fixture
async def house():
    house = CalendarHouse()
    await house.couple()
    return house


@pytest.fixture
def calendar(house):
    return house.calendars[ANNA]


async def test_a_booking_closes_the_phone_and_its_end_opens_it(house, calendar):
    calendar.keep(meeting())
    await house.follow()
    assert await house.is_closed()
    house.now = NOW + HOUR
    assert not await house.is_closed()


async def test_a_booking_that_moves_takes_the_divert_along(house, calendar):
    calendar.keep(meeting())
    await house.follow()
    calendar.keep(meeting(start=NOW + HOUR, end=NOW + 2 * HOUR))
    await house.follow()
    assert not await house.is_closed()
    house.now = NOW + HOUR
    assert await house.is_closed()


@pytest.mark.parametrize(
    "change",
    [
        {"mark": None},
        {"mark": None, "private": True},
        {"declined": True},
        {"cancelled": True},
        {"all_day": True},
    ],
)
async def test_a_booking_that_loses_what_makes_it_divert_opens(house, calendar, change):
    calendar.keep(meeting())
    await house.follow()
    calendar.keep(replace(meeting(), **change))
    await house.follow()
    assert not await house.is_closed()


@pytest.mark.parametrize("fault", [busy(), DENIED, BrokenAnswerError("Half of it.")])
async def test_a_fault_opens_and_closes_nothing_and_is_shown(house, calendar, fault):
    calendar.keep(meeting())
    await house.follow()
    read_at = (await house.linked()).progress.read_at
    calendar.remove(meeting().key)
    for minutes in (5, 10):
        house.now = NOW + minutes * MINUTE
        calendar.fail(fault)
        await house.follow()
        assert await house.is_closed()
    progress = (await house.linked()).progress
    assert progress.read_at == read_at == NOW
    assert progress.failing_since == NOW + 5 * MINUTE
    assert (progress.fault, progress.remedy) == (type(fault).__name__, str(fault))
    await house.follow()
    assert not await house.is_closed()
    progress = (await house.linked()).progress
    assert (progress.failing_since, progress.fault, progress.remedy) == (None, "", "")


async def test_the_end_that_is_known_opens_the_phone_while_the_calendar_is_away(
    house, calendar
):
    calendar.keep(meeting())
    await house.follow()
    calendar.fail(DENIED)
    house.now = NOW + HOUR
    await house.follow()
    assert not await house.is_closed()


async def test_an_expired_cursor_reads_all_and_changes_nothing(house, calendar):
    calendar.keep(meeting())
    await house.follow()
    before = len(await house.store.audit.entries(ANNA))
    calendar.expire()
    await house.follow()
    assert await house.is_closed()
    assert len(await house.store.audit.entries(ANNA)) == before


async def test_a_restart_goes_on_where_it_was(house, calendar):
    calendar.keep(meeting())
    await house.follow()
    cursor = (await house.linked()).progress.cursor
    assert cursor is not None
    again = CalendarHouse(house.store, now=house.now, calendars=house.calendars)
    calendar.keep(meeting("b", NOW + HOUR, NOW + 2 * HOUR))
    await again.follow()
    assert [each.until for each in await again.standing()] == [NOW + 2 * HOUR]


async def test_a_calendar_that_is_suddenly_empty_is_read_again_before_it_is_believed(
    house, calendar
):
    made = [meeting(str(day), NOW + day * 24 * HOUR) for day in range(5)]
    made = [replace(each, end=each.start + HOUR) for each in made]
    for each in made:
        calendar.keep(each)
    await house.follow()
    for each in made:
        calendar.remove(each.key)
    calendar.expire()
    await house.follow()
    assert await house.is_closed()
    assert (await house.linked()).progress.doubted_at == NOW
    house.now = NOW + MINUTE
    await house.follow()
    assert await house.is_closed()
    house.now = NOW + 4 * MINUTE
    await house.follow()
    assert not await house.is_closed()
    assert (await house.linked()).progress.doubted_at is None


async def test_most_of_a_calendar_told_to_be_gone_at_once_is_not_believed_at_once(
    house, calendar
):
    made = [meeting(str(n), NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in range(4)]
    for each in made:
        calendar.keep(each)
    await house.follow()
    for each in made:
        calendar.remove(each.key)
    await house.follow()
    assert await house.is_closed()
    house.now = NOW + 4 * MINUTE
    await house.follow()
    assert not await house.is_closed()


async def test_a_calendar_that_comes_back_was_rightly_doubted(house, calendar):
    made = [meeting(str(n), NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in range(4)]
    for each in made:
        calendar.keep(each)
    await house.follow()
    stood = await house.standing()
    for each in made:
        calendar.remove(each.key)
    calendar.expire()
    await house.follow()
    for each in made:
        calendar.keep(each)
    house.now = NOW + 4 * MINUTE
    await house.follow()
    assert await house.standing() == stood
    assert (await house.linked()).progress.doubted_at is None


async def test_what_a_person_opened_stays_open_until_the_booking_changes(
    house, calendar
):
    calendar.keep(meeting())
    await house.follow()
    await house.clear()
    calendar.keep(meeting("b", NOW + 5 * HOUR, NOW + 6 * HOUR))
    for _ in range(2):
        await house.follow()
        calendar.expire()
        assert not await house.is_closed()
    calendar.keep(meeting(end=NOW + 2 * HOUR))
    await house.follow()
    assert await house.is_closed()


async def test_an_opening_can_be_undone(house, calendar):
    calendar.keep(meeting())
    await house.follow()
    await house.clear()
    await house.says(UndoChange(ANNA))
    await house.follow()
    assert await house.is_closed()


async def test_a_reading_of_a_link_that_is_no_more_changes_nothing(house, calendar):
    calendar.keep(meeting())
    linked = await house.linked()
    await house.store.links.remove(ANNA, NOW, "test")
    await house.store.links.put(link_of(ANNA, LinkKind.CALDAV), NOW, "test")
    await follow(linked, house.coupled)
    assert not await house.is_closed()
    assert (await house.store.links.kept(ANNA)).entries == ()


async def test_all_is_read_anew_as_the_days_go_by(house, calendar):
    far = meeting("far", NOW + timedelta(days=95), NOW + timedelta(days=95, hours=1))
    calendar.keep(far)
    await house.follow()
    assert await house.standing() == ()
    house.now = NOW + timedelta(days=10)
    await house.follow()
    (divert,) = await house.standing()
    assert divert.start == far.start


async def test_a_reading_without_news_writes_no_line_on_the_trail(house, calendar):
    calendar.keep(meeting())
    await house.follow()
    before = await house.store.audit.entries()
    house.now = NOW + MINUTE
    assert not (await house.follow()).is_kept
    assert await house.store.audit.entries() == before
    assert (await house.linked()).progress.read_at == NOW + MINUTE


async def test_a_crash_before_the_phone_followed_is_made_good(house, calendar):
    calendar.keep(meeting())
    await house.follow()
    # As after a crash between the two: kept, and not carried out.
    await house.says(FollowCalendar(ANNA, ()), by=Source.CALENDAR)
    assert not await house.is_closed()
    await house.resume()
    assert await house.is_closed()
