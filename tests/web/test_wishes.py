"""What is filled in gives one command: that which the same words spoken would give."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.dialogue.heard import Meant
from voice.divert.model import (
    Divert,
    Extension,
    Mode,
    ReasonCode,
    SetDivert,
    Site,
    Source,
    Standing,
    Until,
)
from voice.divert.rules import decide
from voice.house import red_days
from voice.language.lasting import lasting
from voice.language.spoken_times import Clockwork
from voice.language.times import Moment
from voice.language.understand import Here, understand
from voice.web.pages.wishes import (
    LENGTHS,
    MORE,
    Asked,
    Fault,
    Wish,
    changed_divert,
    new_divert,
)

ANNA, SAM = Extension("1234"), ReasonCode("SAM")
RED_DAYS = red_days(2026)
NIGHT = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
moments = st.just(NIGHT) | st.datetimes(
    datetime(2026, 1, 1), datetime(2028, 12, 1), timezones=st.just(UTC)
)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
texts = st.text(max_size=40)


def here(catalog, now):
    return Here("start", ANNA, Moment(now, RED_DAYS, catalog.parts), Source.WEB)


def said(text, catalog, now):
    """Return the command that a sentence means when it is spoken."""
    heard = understand(text, here(catalog, now), catalog)
    assert isinstance(heard, Meant), text
    return heard.command


def standing(now, reason=SAM):
    until = now + timedelta(hours=3)
    return Divert(ANNA, reason, now, until, Mode.CLOSED, Source.VOICE, now)


@given(now=moments, length=st.sampled_from(LENGTHS), data=st.data())
def test_a_button_does_what_is_done_when_its_length_is_said(catalog, now, length, data):
    code = data.draw(st.sampled_from(sorted(catalog.reasons)))
    spoken = {Until.NEXT_WORKING_DAY: "resten av dagen", Until.CLEARED: "tills vidare"}
    lasts = lasting(length)
    words = spoken.get(lasts) or Clockwork(catalog, now).length(lasts)
    asked = new_divert(Wish(code, lasts=length), here(catalog, now), catalog)
    assert isinstance(asked, Asked)
    site = Site(catalog.reasons, RED_DAYS)
    command = said(f"{catalog.wordings[code].label} {words}", catalog, now)
    done, spoken_of = (
        decide(each, Standing(), site, now) for each in (asked.command, command)
    )
    assert done == spoken_of


@given(now=moments, clock=clocks)
def test_a_change_moves_the_end_to_where_it_is_said_to(catalog, now, clock):
    divert, spoken = standing(now), Clockwork(catalog, now).clock(clock)
    wish = Wish("SAM", f"{clock:%H:%M}")
    asked = changed_divert(wish, divert, here(catalog, now), catalog)
    assert isinstance(asked, Asked)
    command = said(f"ändra till {spoken}", catalog, now)
    assert asked.command == replace(command, only=divert)


@given(now=moments, more=st.sampled_from(MORE))
def test_a_button_makes_a_divert_longer_as_when_it_is_said(catalog, now, more):
    divert, words = standing(now), Clockwork(catalog, now).length(lasting(more))
    asked = changed_divert(Wish(lasts=more), divert, here(catalog, now), catalog)
    assert isinstance(asked, Asked)
    command = said(f"förläng {words}", catalog, now)
    assert asked.command == replace(command, only=divert)


@given(reason=texts | st.just("SAM"), until=texts, lasts=texts, informs=st.booleans())
def test_whatever_is_filled_in_is_one_command_or_one_fault(
    catalog, reason, until, lasts, informs
):
    wish, at = Wish(reason, until, lasts, informs), here(catalog, NIGHT)
    for asked in (
        new_divert(wish, at, catalog),
        changed_divert(wish, standing(NIGHT), at, catalog),
    ):
        match asked:
            case Fault(field):
                assert field in ("reason", "until")
            case Asked(command):
                assert command.extension == ANNA
                assert command.source is Source.WEB


@pytest.mark.parametrize(
    ("informs", "until", "mode"),
    [
        (False, "14:30", Mode.CLOSED),
        (True, "14:30", Mode.INFORMING),
        (False, "14:30 med öppen telefon", Mode.INFORMING),
        (True, "", Mode.INFORMING),
    ],
)
def test_a_phone_stays_open_if_either_says_so(catalog, informs, until, mode):
    wish = Wish("SAM", until, informs=informs)
    asked = new_divert(wish, here(catalog, NIGHT), catalog)
    assert isinstance(asked, Asked)
    assert isinstance(asked.command, SetDivert)
    assert asked.command.mode is mode


def test_a_reason_that_is_no_more_is_kept_where_only_its_end_is_moved(catalog):
    divert = standing(NIGHT, ReasonCode("XYZ"))
    wish = Wish("XYZ", "14:30")
    asked = changed_divert(wish, divert, here(catalog, NIGHT), catalog)
    assert isinstance(asked, Asked)
    assert asked.command.reason is None
