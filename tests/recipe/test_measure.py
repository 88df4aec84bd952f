"""What is counted of what was heard, against figures reckoned by hand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recipe.measure import (
    Accepted,
    Clip,
    Count,
    Group,
    Heard,
    Levels,
    Share,
    Word,
    accepted,
    confusions,
    curve,
    level_at,
    levels_of,
    row,
    taken,
    thinned,
    words,
)

PEOPLE = "people unheard"
scores = st.lists(st.floats(0, 1), max_size=30)


def heard(said: str, text: str, score: float, listed: bool = True) -> Heard:
    clip = Clip(Path("a.wav"), said, "anna", PEOPLE, "words", listed)
    return Heard(clip, "A-law", text, score)


SOME = (
    heard("ett", "ett", 0.9),
    heard("två", "två", 0.5),
    heard("tre", "sex", 0.7),
    heard("fyra", "", 0.0),
    heard("katt", "ett", 0.6, listed=False),
    heard("hund", "", 0.0, listed=False),
)


def test_the_interval_is_wilsons():
    # Newcombe (1998), table I: 81 of 263 and 15 of 148; 0 of 20.
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Share(15, 148).interval == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert Share(0, 20).interval == pytest.approx((0, 0.1611), abs=5e-5)


def test_nothing_is_known_of_none():
    assert Share(0, 0).interval == (0, 1)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_share_lies_in_its_interval(hits: int, more: int):
    told = Share(hits, hits + more)
    low, high = told.interval
    assert 0 <= low <= told.value + 1e-12
    assert told.value <= high <= 1


def test_a_level_lets_just_so_many_pass():
    foreign = [n / 10 for n in range(10)]  # 0.0 to 0.9
    level = level_at(foreign, 0.2)
    assert level is not None
    assert [score for score in foreign if score >= level] == [0.8, 0.9]


def test_scores_that_are_alike_pass_together_or_not_at_all():
    level = level_at([0.5, 0.5, 0.5, 0.1], 0.5)
    assert level is not None
    assert 0.5 < level < 0.500001


def test_everything_may_pass_where_that_is_allowed():
    assert level_at([0.4, 0.7], 1) == 0


def test_there_is_no_level_without_foreign_sounds():
    assert level_at([], 0.1) is None


@given(scores.filter(bool), st.floats(0, 1))
def test_no_more_pass_than_are_allowed_and_a_lower_level_lets_more(
    foreign: list[float], rate: float
):
    level = level_at(foreign, rate)
    assert level is not None
    passing = sum(score >= level for score in foreign)
    assert passing <= rate * len(foreign) + 1e-6
    if level > 0:
        below = max(score for score in foreign if score < level)
        assert sum(score >= below for score in foreign) > rate * len(foreign) - 1e-6


def test_right_wrong_and_foreign_are_counted_from_a_level_upwards():
    assert accepted(SOME, 0.6) == Accepted(0.6, Share(1, 4), Share(1, 4), Share(1, 2))


def test_silence_is_accepted_at_no_level():
    assert accepted(SOME, 0.0) == Accepted(0.0, Share(2, 4), Share(1, 4), Share(1, 2))


def test_a_row_tells_the_best_phrase_and_each_level():
    told = row(Group(PEOPLE, "words", "A-law"), SOME, levels_of(SOME, 0.3, 0.8))
    assert told.best == Share(2, 4)
    assert told.ten is not None
    assert told.ten.right == Share(1, 4)  # the level is just above 0.6
    assert told.ask == Accepted(0.3, Share(2, 4), Share(1, 4), Share(1, 2))
    assert told.do == Accepted(0.8, Share(1, 4), Share(0, 4), Share(0, 2))


def test_a_row_without_foreign_sounds_has_no_such_level():
    told = row(Group(PEOPLE, "words", "A-law"), SOME[:4], levels_of(SOME[:4], 0.3, 0.8))
    assert (told.ten, told.three, told.curve) == (None, None, ())


def test_a_speaker_is_measured_at_the_levels_that_are_given():
    anna = Group(PEOPLE, "words", "A-law", "anna")
    told = row(anna, SOME[:2], Levels(0.6, 0.95, None, None))
    assert told.ten is not None
    assert told.ten.right == Share(1, 2)
    assert (told.do, told.curve) == (None, ())


def test_the_curve_goes_from_none_to_all():
    # 0.9 right; 0.7 wrong; 0.6 foreign; 0.5 right; silence is nothing accepted.
    assert curve(SOME) == ((0.0, 0.25), (0.5, 0.5), (1.0, 0.5))


def test_a_long_curve_keeps_its_ends():
    points = tuple((n / 1000, n / 1000) for n in range(1001))
    few = thinned(points)
    assert len(few) <= 61
    assert (few[0], few[-1]) == (points[0], points[-1])


def test_confusions_are_counted_the_commonest_first():
    told = confusions([*SOME, heard("tre", "sex", 0.2)])
    assert told == (Count(PEOPLE, "tre", "sex", 2), Count(PEOPLE, "fyra", "", 1))


def test_foreign_sounds_that_reach_a_level_are_told_with_what_they_were_taken_for():
    assert taken(SOME, 0.6) == (Count(PEOPLE, "katt", "ett", 1),)
    assert taken(SOME, 0.7) == ()


def test_the_worst_word_comes_first():
    told = words([*SOME, heard("ett", "två", 0.2)])
    assert told == (
        Word(PEOPLE, "tre", Share(0, 1)),
        Word(PEOPLE, "fyra", Share(0, 1)),
        Word(PEOPLE, "ett", Share(1, 2)),
        Word(PEOPLE, "två", Share(1, 1)),
    )
