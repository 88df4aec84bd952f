"""Seals: they tell diverts apart, and nothing of them to who is shown one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from web_house import ANNA, NOW, Web

from voice.divert.model import (
    ChangeDivert,
    Divert,
    EntryKey,
    Mode,
    ReasonCode,
    SetDivert,
    Source,
)
from voice.web.pages.seals import seal

SICK, CHILD = ReasonCode("SJK"), ReasonCode("VAB")
AWAY = Divert(ANNA, SICK, NOW, NOW + timedelta(hours=8), Mode.CLOSED, Source.VOICE, NOW)


@pytest.mark.parametrize("source", [Source.VOICE, Source.WEB, Source.OPERATOR])
def test_nobody_finds_out_a_reason_by_trying_which_fits_its_seal(source: Source):
    mine = replace(AWAY, source=source)
    assert seal(mine) == seal(replace(mine, reason=CHILD))


def test_a_booking_that_becomes_another_has_another_seal():
    booked = replace(AWAY, source=Source.CALENDAR, entry=EntryKey("one"))
    assert seal(booked) != seal(replace(booked, reason=CHILD))
    assert seal(booked) != seal(replace(booked, entry=EntryKey("other")))


async def test_another_reason_is_seen_by_the_time_it_was_given(web: Web):
    await web.house.obey(SetDivert(ANNA, SICK), NOW, Source.VOICE)
    (before,) = (await web.store.diverts.standing(ANNA)).diverts
    web.clock.goes(seconds=1)
    changed = ChangeDivert(ANNA, CHILD)
    await web.house.obey(changed, web.clock(), Source.VOICE)
    (after,) = (await web.store.diverts.standing(ANNA)).diverts
    assert (after.start, after.until) == (before.start, before.until)
    assert seal(after) != seal(before)
