"""Calendars and days as they are spoken."""

from dataclasses import replace

import pytest
from diary_samples import (
    CLOSED,
    DAY,
    FRESH,
    HOUR,
    INFORMING,
    MEETINGS,
    MINUTE,
    NOW,
    SNAGS,
    TODAY,
    TOMORROW,
    tomorrow,
)
from said import CATALOG

from voice.dialogue.actions import Say
from voice.divert.advice import Advice, Snag
from voice.divert.forecast import Forecast
from voice.house import red_days
from voice.language.prompts import speaker
from voice.language.times import Moment

FILLS = speaker(CATALOG, Moment(NOW, red_days(2026), CATALOG.parts))


@pytest.mark.parametrize(
    ("diary", "sentence"),
    [
        (FRESH, "Kalendern lästes alldeles nyss."),
        (
            replace(FRESH, read_at=NOW - 2 * MINUTE),
            "Kalendern lästes för två minuter sedan.",
        ),
        # The clock of the one who read it goes before ours.
        (replace(FRESH, read_at=NOW + MINUTE), "Kalendern lästes alldeles nyss."),
        (
            replace(FRESH, read_at=NOW - HOUR),
            "Kalendern lästes senast i dag klockan nio.",
        ),
        (
            replace(FRESH, read_at=NOW - DAY),
            "Kalendern lästes senast tisdag den tredje mars klockan tio.",
        ),
        (
            replace(FRESH, failing_since=NOW - HOUR),
            "Kalendern har inte gått att läsa sedan klockan nio.",
        ),
        (replace(FRESH, read_at=None), "Kalendern är inte läst än."),
    ],
)
def test_a_reading_is_as_old_as_it_is_said_to_be(diary, sentence):
    assert FILLS.sentence(Say("calendar_read", diary)) == sentence


def told(*advice: Advice) -> str:
    return FILLS.sentence(Say("advice", replace(FRESH, advice=advice)))


def test_a_snag_is_told_with_its_remedy_and_its_time_alone():
    tomorrow_at_nine = Advice(Snag.NO_SIGN, tomorrow(9), tomorrow(10))
    assert told(tomorrow_at_nine) == (
        "Bokningen i morgon klockan nio stänger inte telefonen: "
        "skriv kolon direkt efter koden."
    )
    assert told(replace(tomorrow_at_nine, snag=Snag.ALL_DAY)) == (
        "Heldagsbokningen i morgon stänger inte telefonen: "
        "ge den en starttid och en sluttid."
    )


def test_of_a_private_booking_not_even_its_time_is_told():
    (private,) = (each for each in SNAGS if each.snag is Snag.PRIVATE)
    assert told(private) == "En privat bokning stänger aldrig telefonen."


@pytest.mark.parametrize(
    ("count", "ends"),
    [
        (2, "koden allra först."),
        (3, "Och en bokning till."),
        (5, "tre bokningar till."),
    ],
)
def test_no_more_than_two_snags_are_told_and_the_others_counted(count, ends):
    sentence = told(*SNAGS[:count])
    assert sentence.endswith(ends)
    assert sentence.count("stänger inte") == 2


def test_meetings_are_told_with_their_day_unless_it_is_known():
    diary = replace(FRESH, meetings=MEETINGS)
    assert FILLS.sentence(Say("meetings", diary)) == (
        "Mötet i dag klockan elva stänger fyra telefoner. "
        "Mötet i morgon klockan nio stänger 120 telefoner."
    )
    assert FILLS.sentence(Say("meetings_that_day", diary)) == (
        "Mötet klockan elva stänger fyra telefoner. "
        "Mötet klockan nio stänger 120 telefoner."
    )


@pytest.mark.parametrize(
    ("stretches", "then", "now"),
    [
        (
            (),
            "I morgon är din telefon öppen hela dagen.",
            "Din telefon är öppen resten av dagen.",
        ),
        (
            (CLOSED[0],),
            "I morgon stängs du nio till elva och trettio: sammanträde.",
            "I dag är din telefon stängd nio till elva och trettio: sammanträde.",
        ),
        (
            (CLOSED[2], CLOSED[1]),
            "I morgon stängs du till klockan tolv: sammanträde och "
            "från klockan tretton: sammanträde.",
            "I dag är din telefon stängd till klockan tolv: sammanträde och "
            "från klockan tretton: sammanträde.",
        ),
        (
            (CLOSED[3],),
            "I morgon stängs du hela dagen: sammanträde.",
            "I dag är din telefon stängd resten av dagen: sammanträde.",
        ),
        (
            (INFORMING[1],),
            "I morgon är din telefon öppen, med besked från klockan tretton: "
            "sammanträde.",
            "I dag är din telefon öppen, med besked från klockan tretton: sammanträde.",
        ),
        (
            (CLOSED[2], INFORMING[1]),
            "I morgon stängs du till klockan tolv: sammanträde. "
            "Öppen, men med besked, är den från klockan tretton: sammanträde.",
            "I dag är din telefon stängd till klockan tolv: sammanträde. "
            "Öppen, men med besked, är den från klockan tretton: sammanträde.",
        ),
    ],
)
def test_a_day_is_told_as_a_person_would(stretches, then, now):
    said = [
        FILLS.sentence(Say("forecast", Forecast(day, stretches, day == TODAY)))
        for day in (TOMORROW, TODAY)
    ]
    assert said == [then, now]
