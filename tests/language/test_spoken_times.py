"""Times and lengths as they are spoken are heard as themselves."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from said import CATALOG, EXTENSION

from voice.dialogue.heard import Meant
from voice.divert.model import ChangeDivert, SetDivert
from voice.divert.walltime import at, local
from voice.house import red_days
from voice.language.spoken_times import Clockwork
from voice.language.times import FAR, Moment
from voice.language.understand import Here, understand

MINUTE = timedelta(minutes=1)
A_WEDNESDAY = at(date(2026, 3, 4), time(10))
moments = st.integers(0, 400 * 24 * 60).map(
    lambda m: at(date(2025, 12, 1), time(0)) + m * MINUTE
)
ahead = st.integers(1, 300 * 24 * 60) | st.integers(1, 3 * 24 * 60)


def heard(text: str, now: datetime):
    moment = Moment(now, red_days(now.year), CATALOG.parts)
    return understand(text, Here("start", EXTENSION, moment), CATALOG)


@given(moments, ahead)
def test_a_time_that_is_spoken_and_said_back_is_the_same(now, minutes):
    until = now + minutes * MINUTE
    # The hour that an autumn night has twice is spoken alike both times.
    assume(not local(until).fold)
    spoken = Clockwork(CATALOG, now).instant(until)
    said = heard(f"sammanträde till {spoken}", now)
    sure = minutes * MINUTE <= FAR
    assert said == Meant(SetDivert(EXTENSION, "SAM", until), sure), spoken


@given(st.integers(1, 23 * 60 + 59))
def test_a_length_that_is_spoken_and_said_back_is_the_same(minutes):
    spoken = Clockwork(CATALOG, A_WEDNESDAY).length(minutes * MINUTE)
    longer = ChangeDivert(EXTENSION, None, minutes * MINUTE)
    assert heard(f"förläng {spoken}", A_WEDNESDAY) == Meant(longer, True), spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("2026-03-04 15:00", "klockan femton"),
        ("2026-03-04 10:05", "tio noll fem"),
        ("2026-03-04 14:30", "fjorton och trettio"),
        ("2026-03-05 08:00", "i morgon"),
        ("2026-03-05 00:00", "i morgon klockan noll"),
        ("2026-03-05 04:30", "i morgon noll fyra och trettio"),
        ("2026-03-06 09:00", "på fredag klockan nio"),
        ("2026-03-10 08:00", "på tisdag"),
        ("2026-03-11 08:00", "onsdag den elfte mars"),
        ("2026-08-05 13:00", "onsdag den femte augusti klockan tretton"),
    ],
)
def test_a_time_is_spoken_as_swedes_do(text, spoken):
    then = datetime.fromisoformat(text)
    instant = at(then.date(), then.time())
    assert Clockwork(CATALOG, A_WEDNESDAY).instant(instant) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("2026-03-04 15:00", "klockan femton"),
        ("2026-03-05 00:00", "i morgon"),
        ("2026-03-05 08:00", "i morgon"),
        ("2026-03-09 00:00", "måndag"),
        ("2026-03-09 09:00", "måndag klockan nio"),
        ("2026-08-03 00:00", "måndag den tredje augusti"),
    ],
)
def test_a_start_is_spoken_after_from(text, spoken):
    then = datetime.fromisoformat(text)
    instant = at(then.date(), then.time())
    assert Clockwork(CATALOG, A_WEDNESDAY).start(instant) == spoken


@pytest.mark.parametrize(
    ("minutes", "spoken"),
    [
        (1, "en minut"),
        (-15, "femton minuter"),
        (60, "en timme"),
        (90, "en timme och trettio minuter"),
        (121, "två timmar och en minut"),
        (1440, "en dag"),
        (2880, "två dagar"),
        (0, "noll minuter"),
    ],
)
def test_a_length_is_spoken_as_swedes_do(minutes, spoken):
    assert Clockwork(CATALOG, A_WEDNESDAY).length(minutes * MINUTE) == spoken
