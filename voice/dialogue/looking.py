"""What is told of what was looked up: what stands, what is to come, and why."""

from voice.dialogue.actions import Say
from voice.dialogue.heard import Found, Topic
from voice.dialogue.states import AskedChange, AskedDivert, Start, Turn
from voice.divert.diary import Diary
from voice.divert.forecast import Forecast
from voice.divert.model import Divert, Source
from voice.divert.routing import Outlook


def found(topic: Topic, heard: Found) -> Turn:
    """Go on with what stands, or tell of it."""
    match topic, heard.outlook.counts:
        case Topic.DIVERT, None:
            return AskedDivert(None), (Say("ask_divert"),)
        case Topic.DIVERT, Divert() as divert:
            return AskedDivert(divert), (Say("divert_standing", divert),)
        case Topic.CHANGE, Divert() as divert:
            return AskedChange(divert), (Say("ask_change", divert),)
        case _ if heard.diary is None:
            return Start(), (_stands(topic, heard),)
        case _:
            told = _of_calendar(topic, heard, heard.diary)
            return Start(), (_stands(topic, heard), *told)


def _stands(topic: Topic, heard: Found) -> Say:
    match heard:
        case Found(forecast=Forecast() as forecast):
            return Say("forecast", forecast)
        case Found(Outlook(counts=Divert() as divert)):
            return Say("why" if topic is Topic.WHY else "status", divert)
        case Found(Outlook(coming=Divert() as divert)):
            return Say("phone_is_open_coming", divert)
        case _:
            return Say("phone_is_open")


def _of_calendar(topic: Topic, heard: Found, diary: Diary) -> tuple[Say, ...]:
    """Tell the owner what their calendar has to do with it."""
    told: list[Say] = []
    if topic is Topic.WHY or (not diary.is_fresh and _is_worth_its_age(heard, diary)):
        told.append(Say("calendar_read", diary))
    if topic is Topic.WHY and diary.advice:
        told.append(Say("advice", diary))
    if diary.meetings:
        key = "meetings" if topic is Topic.WHY else "meetings_that_day"
        told.append(Say(key, diary))
    return tuple(told)


def _is_worth_its_age(heard: Found, diary: Diary) -> bool:
    """Tell whether what was told is as old as the calendar's reading."""
    shown: list[Divert | None] = [heard.outlook.counts or heard.outlook.coming]
    if heard.forecast is not None:
        shown = [each.divert for each in heard.forecast.stretches]
    by_calendar = any(each and each.source is Source.CALENDAR for each in shown)
    return by_calendar or diary.failing_since is not None
