"""What is told of a calendar: to whoever asks for it, and no more than was asked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dialogue_stories import NOW

from voice.dialogue.actions import Look, Say
from voice.dialogue.heard import Asked, Found, Topic
from voice.dialogue.states import AskedChange, AskedDivert, Looking, Rehearsing, Start
from voice.dialogue.step import step
from voice.divert.advice import Advice, Snag
from voice.divert.diary import Diary, Meeting
from voice.divert.forecast import Forecast, Stretch
from voice.divert.model import Divert, Mode, Source
from voice.divert.routing import Outlook

MINUTE = timedelta(minutes=1)
SAM = Divert("1234", "SAM", NOW, NOW + 60 * MINUTE, Mode.CLOSED, Source.VOICE, NOW)
BOOKED = replace(SAM, source=Source.CALENDAR, entry="a")
FRESH = Diary(NOW, NOW)
STALE = Diary(NOW, NOW - MINUTE)
FAILING = replace(STALE, failing_since=NOW)
AMISS = replace(FRESH, advice=(Advice(Snag.NO_SIGN, NOW, NOW + MINUTE),))
CALLED = replace(FRESH, meetings=(Meeting(NOW, 2),))
DAY = date(2026, 3, 5)
OPEN = Forecast(DAY, ())
CLOSED = Forecast(DAY, (Stretch(BOOKED, None, None),))


def told(topic, found):
    """Return what is said, as prompt keys, and where that leads."""
    after, actions = step(Looking(topic), found)
    return [action.key for action in actions], after


@pytest.mark.parametrize("topic", [Topic.TODAY, Topic.TOMORROW])
@pytest.mark.parametrize("state", [Start(), AskedDivert(SAM), AskedDivert(None)])
def test_a_day_is_looked_up_from_wherever_it_is_asked_about(topic, state):
    assert step(state, Asked(topic)) == (Looking(topic), (Look(topic),))
    inside = Rehearsing(state)
    assert step(inside, Asked(topic)) == (Rehearsing(Looking(topic)), (Look(topic),))


@pytest.mark.parametrize(
    ("counts", "diary", "says"),
    [
        (BOOKED, None, ["why"]),
        (BOOKED, FRESH, ["why", "calendar_read"]),
        (None, STALE, ["phone_is_open", "calendar_read"]),
        (SAM, AMISS, ["why", "calendar_read", "advice"]),
        (SAM, CALLED, ["why", "calendar_read", "meetings"]),
    ],
)
def test_why_tells_all_that_there_is_to_know(counts, diary, says):
    assert told(Topic.WHY, Found(Outlook(counts), None, diary)) == (says, Start())


@pytest.mark.parametrize(
    ("counts", "diary", "says"),
    [
        (BOOKED, FRESH, ["status"]),
        (BOOKED, STALE, ["status", "calendar_read"]),
        (SAM, STALE, ["status"]),
        (SAM, FAILING, ["status", "calendar_read"]),
        (None, STALE, ["phone_is_open"]),
        (None, FAILING, ["phone_is_open", "calendar_read"]),
        (SAM, AMISS, ["status"]),
    ],
)
def test_the_status_tells_the_age_of_a_reading_where_it_matters(counts, diary, says):
    assert told(Topic.STATUS, Found(Outlook(counts), None, diary)) == (says, Start())


def test_what_is_to_come_from_an_old_reading_is_told_as_old():
    found = Found(Outlook(coming=BOOKED), None, STALE)
    says = ["phone_is_open_coming", "calendar_read"]
    assert told(Topic.STATUS, found) == (says, Start())


@pytest.mark.parametrize(
    ("forecast", "diary", "says"),
    [
        (OPEN, None, ["forecast"]),
        (OPEN, STALE, ["forecast"]),
        (OPEN, FAILING, ["forecast", "calendar_read"]),
        (CLOSED, FRESH, ["forecast"]),
        (CLOSED, STALE, ["forecast", "calendar_read"]),
        (CLOSED, AMISS, ["forecast"]),
        (CLOSED, CALLED, ["forecast", "meetings_that_day"]),
    ],
)
def test_a_day_is_told_with_what_its_meetings_close(forecast, diary, says):
    found = Found(Outlook(SAM), forecast, diary)
    assert told(Topic.TOMORROW, found) == (says, Start())
    assert step(Looking(Topic.TODAY), found)[1][0] == Say("forecast", forecast)


def test_who_wants_to_divert_or_change_is_asked_and_told_nothing_else():
    found = Found(Outlook(SAM), None, replace(FAILING, advice=AMISS.advice))
    assert told(Topic.DIVERT, found) == (["divert_standing"], AskedDivert(SAM))
    assert told(Topic.CHANGE, found) == (["ask_change"], AskedChange(SAM))
