"""What an owner may hear of their own calendar, as the store has it."""

from datetime import timedelta

import pytest
from calendar_house import ANNA, BO, HOUR, MINUTE, NOW, CalendarHouse, meeting

from voice.calendars.memory import busy
from voice.coupling.diaries import diary_of
from voice.divert.advice import Snag
from voice.divert.diary import Diary, Meeting
from voice.divert.explained import Counted
from voice.divert.model import Extension, Mark, Mode, ReasonCode, Slip

EVA = Extension("3456")
ALL = Counted()
DAYS = [(NOW, NOW + timedelta(days=1))]
NO_SIGN = meeting("n", mark=None, slip=Slip.NO_SIGN)


@pytest.fixture
async def house():
    house = CalendarHouse()
    for extension in (ANNA, BO, EVA):
        await house.couple(extension)
    return house


async def read(house, extension, *entries):
    for entry in entries:
        house.calendars[extension].keep(entry)
    await house.follow(extension)


async def diary(house, extension=ANNA, spans=DAYS, counted=ALL):
    return await diary_of(extension, house.coupled.door, counted, spans, house.now)


async def test_the_age_of_a_reading_is_known_and_since_when_it_fails(house):
    assert await diary(house, spans=()) == Diary(NOW, None)
    await read(house, ANNA)
    house.now = NOW + 2 * MINUTE
    house.calendars[ANNA].fail(busy())
    await house.follow()
    known = await diary(house, spans=())
    assert known == Diary(house.now, NOW, house.now)
    assert known.age == 2 * MINUTE


async def test_a_phone_that_follows_no_calendar_has_no_diary(house):
    assert await diary(house, Extension("9999")) is None
    (listing,) = [each for each in await house.store.directory.list()][:1]
    await house.store.directory.remove(ANNA, NOW, "test")
    await house.store.directory.add(listing, NOW, "test")
    assert await diary(house) is None


async def test_snags_are_told_but_for_what_was_opted_out_of(house):
    invited = meeting("i", invited=True)
    await read(house, ANNA, NO_SIGN, invited)
    await read(house, ANNA, meeting("i", invited=True, mark=None, slip=Slip.NO_SIGN))
    assert [each.snag for each in (await diary(house)).advice] == [Snag.NO_SIGN]


async def test_of_a_private_booking_only_that_there_is_one_on_its_day_is_kept(house):
    hidden = meeting("p", mark=None, private=True)
    await read(house, ANNA, hidden)
    (told,) = (await diary(house)).advice
    assert told.snag is Snag.PRIVATE
    assert told.start < hidden.start < hidden.end < told.end
    assert told.end - told.start == timedelta(days=1)


async def test_who_calls_a_meeting_is_told_how_many_phones_it_closes(house):
    await read(house, ANNA, meeting(), meeting("alone"))
    await read(house, BO, meeting(invited=True))
    await read(house, EVA, meeting(invited=True))
    assert (await diary(house)).meetings == (Meeting(NOW, 3),)
    assert (await diary(house, BO)).meetings == ()
    assert (await diary(house, spans=[(NOW + HOUR, NOW + 2 * HOUR)])).meetings == ()


@pytest.mark.parametrize(
    "copy",
    [
        {"declined": True},
        {"mark": None},
        {"private": True, "mark": None},
        {"mark": Mark(ReasonCode("SAM"), Mode.INFORMING)},
    ],
)
async def test_a_copy_that_closes_no_phone_is_not_counted(house, copy):
    await read(house, ANNA, meeting())
    await read(house, BO, meeting(invited=True))
    await read(house, EVA, meeting(invited=True))
    await read(house, EVA, meeting(invited=True, **copy))
    assert (await diary(house)).meetings == (Meeting(NOW, 2),)


async def test_a_copy_that_does_not_count_at_the_site_is_not_counted(house):
    await read(house, ANNA, meeting())
    await read(house, BO, meeting(invited=True, tentative=True))
    assert (await diary(house)).meetings == (Meeting(NOW, 2),)
    assert (await diary(house, counted=Counted(tentative=False))).meetings == ()


async def test_of_many_meetings_the_first_are_looked_for(house):
    many = [meeting(f"{n}", NOW + n * MINUTE, NOW + HOUR) for n in range(20)]
    await read(house, ANNA, *many)
    await read(house, BO, *(meeting(f"{n}", invited=True) for n in range(20)))
    found = (await diary(house)).meetings
    assert [each.start for each in found] == [NOW + n * MINUTE for n in range(6)]
