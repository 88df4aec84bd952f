"""How well was understood over time: added up right, and drawn to scale."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.store.counts_port import Heard, Understanding
from voice.web.pages.health import PERIODS, Asked, asked, hearing_page, parts, since
from voice.web.pages.understood import (
    HEIGHT,
    WIDTH,
    Sum,
    by,
    columns,
    total,
    words,
)

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 28)
COUNT = st.integers(0, 1000)
HEARD = st.builds(
    Heard, st.sampled_from(["", "start", "divert"]), st.sampled_from(["", "status"])
)
FOUND = st.lists(
    st.builds(Understanding, st.dates(FIRST, LAST), HEARD, COUNT, COUNT, COUNT),
    max_size=30,
)


@given(FOUND)
def test_each_column_is_whole_and_stands_in_its_place(found: list[Understanding]):
    drawn = columns(found, FIRST, LAST)
    assert [each.day for each in drawn] == [
        FIRST + timedelta(days=n) for n in range(28)
    ]
    for each in drawn:
        high = each.well + each.doubtful + each.missed
        assert high == pytest.approx(HEIGHT if each.sum.turns else 0, abs=0.05)
        assert 0 <= each.x <= each.x + each.width <= WIDTH
    assert sum(each.sum.turns for each in drawn) == total(found).turns
    assert drawn[0].tick


@given(FOUND)
def test_nothing_is_lost_or_counted_twice(found: list[Understanding]):
    rows = by(found, lambda each: each.heard.place)
    assert len({row.key for row in rows}) == len(rows)
    assert sum((row.sum for row in rows), Sum()) == total(found)
    assert [row.sum.missed for row in rows] == sorted(
        (row.sum.missed for row in rows), reverse=True
    )


@given(FOUND, st.sampled_from(["", "start", "divert"]))
def test_only_what_is_asked_for_is_drawn(found: list[Understanding], place: str):
    page = hearing_page(found, (), Asked(28, place), LAST)
    wanted = [each for each in found if place in ("", each.heard.place)]
    assert page.sum == total(wanted)
    assert page.since == FIRST


@given(FOUND)
def test_every_word_is_followed_over_the_time_that_is_asked_for(
    found: list[Understanding],
):
    told = words(found, FIRST, LAST)
    meant = [each for each in found if each.heard.command]
    assert sum((word.sum for word in told), Sum()) == total(meant)
    assert all(len(word.course) == 14 for word in told)
    assert [word.sum.turns for word in told] == sorted(
        (word.sum.turns for word in told), reverse=True
    )


def test_a_word_has_a_rate_for_each_part_of_the_time_that_it_was_heard_in():
    lunch, ill = (Heard("start", "set_divert", code) for code in ("LUN", "SJK"))
    first, second = words(
        [
            Understanding(FIRST, lunch, 3, 1, 0),
            Understanding(FIRST + timedelta(days=1), lunch, 0, 4, 0),
            Understanding(LAST, lunch, 2, 0, 0),
            Understanding(LAST, ill, 0, 1, 0),
            Understanding(LAST, Heard("start"), 0, 0, 9),
        ],
        *(FIRST, LAST),
    )
    assert (first.reason, first.sum, second.reason) == ("LUN", Sum(5, 5), "SJK")
    # Two days are one part of 28.
    assert first.course == (3 / 8, *[None] * 12, 1.0)
    assert second.course[-1] == 0.0


def test_a_rate_of_nothing_is_none():
    assert Sum().rate is None
    assert Sum(1, 1, 2).rate == 0.25


@pytest.mark.parametrize("days", PERIODS)
def test_each_period_ends_today(days: int):
    wanted = asked({"dagar": str(days)}, ())
    assert (LAST - since(LAST, wanted)).days == days - 1


def test_what_the_service_answers_is_told_by_its_parts():
    assert parts("ok\n") == ()
    (part,) = parts("sip 2: no answer: try again.\n")
    assert (part.name, part.detail) == ("sip 2", "no answer: try again.")
