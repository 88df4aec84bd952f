"""What we write on people's bookings in Google reaches no guest, and loses no edit."""

import logging
import traceback

import pytest
from google_samples import ANNA, BERIT, HOUR, calendar_of, ground_of

from tests.fakes.google_faults import Way
from voice.calendars.ground import whole
from voice.calendars.port import AccessDeniedError, BrokenAnswerError, CalendarError
from voice.calendars.touched import opening

SECRET = "Hemlig-överläggning"


@pytest.fixture
def ground(google_calendar, google):
    google.person(BERIT)
    return ground_of(google_calendar, google)


def met(google, ground, **more):
    """Have Anna call Berit to a meeting with a code; return its id."""
    times = (ground.hour, ground.hour + HOUR)
    return google.book(ANNA, "SAM: hemligt", *times, guests=[BERIT], **more)


async def opening_in(calendar, ground):
    (entry,) = (await calendar.read(ground.window, None)).entries
    return opening(entry)


def event(google, owner):
    (found,) = google.events(owner)
    return found


async def test_nobody_is_written_to_of_a_mark(ground, google):
    met(google, ground)
    before = event(google, BERIT)
    mine = await opening_in(ground.calendar, ground)
    await ground.calendar.set_opened(mine, True)
    assert event(google, BERIT) == before
    assert event(google, ANNA)["extendedProperties"]["private"] == {
        "telefonistOpened": mine.proof
    }
    (asked,) = (each for each in google.asked if each.method == "PATCH")
    assert asked.query["sendUpdates"] == "none"


async def test_the_organisers_code_is_everybodys_and_stays(ground, google):
    met(google, ground)
    before = google.events(ANNA), google.events(BERIT)
    mine = await opening_in(ground.calendar, ground)
    assert not await ground.calendar.take_code(mine)
    assert (google.events(ANNA), google.events(BERIT)) == before


async def test_a_guest_loses_the_code_in_their_own_copy_alone(
    ground, google, workspace
):
    met(google, ground)
    berits = calendar_of(workspace, BERIT)
    theirs = await opening_in(berits, ground)
    await berits.set_opened(theirs, True)
    assert await berits.take_code(theirs)
    assert event(google, BERIT)["summary"] == "hemligt"
    assert event(google, ANNA)["summary"] == "SAM: hemligt"
    assert "private" not in event(google, ANNA).get("extendedProperties", {})


async def test_what_other_programs_keep_there_stays(ground, google):
    kept = {"private": {"other": "kept"}}
    met(google, ground, extendedProperties=kept)
    mine = await opening_in(ground.calendar, ground)
    for opened in (True, False):
        await ground.calendar.set_opened(mine, opened)
    assert event(google, ANNA)["extendedProperties"] == kept


async def test_an_edit_that_comes_between_is_not_lost(ground, google):
    id_ = google.book(ANNA, "SAM: ett", ground.hour, ground.hour + HOUR)
    mine = await opening_in(ground.calendar, ground)
    listed = google.lists.list

    def edited(*asked):
        found = listed(*asked)
        google.edit(ANNA, id_, summary="SAM: två")
        return found

    google.lists.list = edited
    with pytest.raises(BrokenAnswerError):
        await ground.calendar.take_code(mine)
    google.lists.list = listed
    assert event(google, ANNA)["summary"] == "SAM: två"
    assert await ground.calendar.take_code(mine)
    assert event(google, ANNA)["summary"] == "två"


async def test_what_is_removed_meanwhile_is_left(ground, google):
    google.book(ANNA, "SAM: ett", ground.hour, ground.hour + HOUR)
    mine = await opening_in(ground.calendar, ground)
    google.fail(status=404, reason="notFound", method="PATCH", times=2)
    await ground.calendar.set_opened(mine, True)
    assert await ground.calendar.take_code(mine)


async def test_the_booking_is_found_among_many(ground, google):
    google.lists.page_size = 2
    for nth in range(7):
        google.book(ANNA, f"SAM: {nth}", ground.hour, ground.hour + HOUR)
    entries = (await whole(ground)).entries
    for entry in entries:
        await ground.calendar.set_opened(opening(entry), True)
    after = {entry.key: entry.opened for entry in (await whole(ground)).entries}
    assert after == {entry.key: opening(entry).proof for entry in entries}


async def test_where_we_may_not_write_it_is_told(ground, google):
    google.book(ANNA, "SAM: ett", ground.hour, ground.hour + HOUR)
    mine = await opening_in(ground.calendar, ground)
    google.revoke(ANNA)
    for write in (
        ground.calendar.set_opened(mine, True),
        ground.calendar.take_code(mine),
    ):
        with pytest.raises(AccessDeniedError):
            await write


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 400, "reason": "invalid", "message": SECRET},
        {"status": 412, "reason": SECRET, "message": SECRET},
        {"status": 500, "way": Way.INSTEAD, "body": SECRET.encode()},
        {"way": Way.HALF},
    ],
)
async def test_no_subject_is_told_to_anybody(ground, google, fault, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    google.book(ANNA, f"SAM: {SECRET}", ground.hour, ground.hour + HOUR)
    mine = await opening_in(ground.calendar, ground)
    google.fail(**fault, method="PATCH", times=3)
    with pytest.raises(CalendarError) as raised:
        await ground.calendar.take_code(mine)
    told = "".join(traceback.format_exception(raised.value))
    assert SECRET not in " ".join([told, caplog.text, *capfd.readouterr()])
