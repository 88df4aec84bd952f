"""What was meant, as plain values, for transcripts and the command line."""

from datetime import date, time, timedelta

import pytest
from said import EXTENSION, PEOPLE

from voice.dialogue.heard import Asked, Happened, Meant, No, Topic, Unclear, Yes
from voice.dialogue.people import Picked, Sought
from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    FollowCalendar,
    Mode,
    Refused,
    SetDivert,
    UndoChange,
    Until,
)
from voice.divert.walltime import at
from voice.language.meaning import meaning

THREE = at(date(2026, 3, 4), time(15))
AUGUST = at(date(2026, 8, 5))


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (
            Meant(SetDivert(EXTENSION, "SAM", THREE), True),
            {
                "command": "set_divert",
                "reason": "SAM",
                "mode": "closed",
                "start": None,
                "until": "2026-03-04T15:00:00+01:00",
                "sure": True,
            },
        ),
        (
            Meant(
                SetDivert(EXTENSION, "SJK", Until.CLEARED, AUGUST, Mode.INFORMING),
                False,
            ),
            {
                "command": "set_divert",
                "reason": "SJK",
                "mode": "informing",
                "start": "2026-08-05T08:00:00+02:00",
                "until": "until_cleared",
                "sure": False,
            },
        ),
        (
            Meant(ClearDivert(EXTENSION, "SAM"), True),
            {"command": "clear_divert", "reason": "SAM", "sure": True},
        ),
        (
            Meant(ChangeDivert(EXTENSION, None, timedelta(minutes=-15)), True),
            {"command": "change_divert", "reason": None, "minutes": -15, "sure": True},
        ),
        (
            Meant(ChangeDivert(EXTENSION, "LUN", THREE), True),
            {
                "command": "change_divert",
                "reason": "LUN",
                "until": "2026-03-04T15:00:00+01:00",
                "sure": True,
            },
        ),
        (
            Meant(UndoChange(EXTENSION), True),
            {"command": "undo_change", "sure": True},
        ),
        (
            Meant(FollowCalendar(EXTENSION, ()), True),
            {"command": "follow_calendar", "sure": True},
        ),
        (Asked(Topic.STATUS), {"command": "status"}),
        (
            Sought((PEOPLE["1302"],)),
            {"command": "seek", "extension": "1302"},
        ),
        (Sought(tuple(PEOPLE.values())), {"command": "seek", "persons": 4}),
        (Sought(), {"command": "seek", "persons": 0}),
        (Picked(2), {"command": "pick", "number": 2}),
        (Yes(), {"command": "yes"}),
        (No(), {"command": "no"}),
        (Unclear(), {"command": None, "why": "unclear"}),
        (
            Happened(Refused("no_such_code")),
            {"command": None, "why": "no_such_code"},
        ),
    ],
)
def test_a_meaning_is_told_in_plain_values(heard, told):
    assert meaning(heard) == told
