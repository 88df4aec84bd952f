"""A reader is told of each row once, in whatever order writers are done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.store.positions import (
    KEPT,
    Position,
    PositionError,
    position,
    read_on,
)


def read(rows, place, limit):
    """Return the rows that a store would give, and the position after them."""
    new = sorted(n for n in rows if n > place.last or n in place.passed_over)[:limit]
    return new, read_on(place, new)


@st.composite
def stories(draw):
    """Rows numbered in one order and done in another, with readings in between."""
    count = draw(st.integers(0, 40))
    done = draw(st.permutations(range(1, count + 1)))
    failed = set(draw(st.lists(st.sampled_from(range(1, count + 1))))) if count else ()
    limits = draw(
        st.lists(st.none() | st.integers(1, 5), min_size=count, max_size=count)
    )
    return [n for n in done if n not in failed], limits


@given(stories())
def test_each_row_is_told_once_whatever_is_done_first(story):
    done, limits = story
    place, rows, told = Position(), set(), []
    for number, limit in zip(done, limits, strict=False):
        rows.add(number)
        if limit is not None:
            new, place = read(rows, position(str(place)), limit)
            told += new
    while new := read(rows, place, 3)[0]:
        place = read(rows, place, 3)[1]
        told += new
    assert sorted(told) == sorted(done)


@given(st.lists(st.integers(1, 60), unique=True, min_size=1).map(sorted))
def test_who_begins_now_is_told_only_of_what_is_done_later(rows):
    place = read_on(Position(), rows)
    assert read(rows, place, 99) == ([], place)
    late = [n for n in range(1, rows[-1]) if n not in rows]
    assert read([*rows, *late, rows[-1] + 1], place, 99)[0] == [*late, rows[-1] + 1]


def test_numbers_that_never_come_are_forgotten_in_time():
    place = read_on(Position(), [1000])
    assert place == Position(1000, tuple(range(901, 1000)))
    place = read_on(place, [1050])
    assert place.passed_over == (*range(949, 1000), *range(1001, 1050))
    assert len(place.passed_over) == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1-",
        "1 OR 1=1",
        "9" * 11,
        "2147483648",
        "1-2147483648",
        "٣",
        "1\n",
        "-".join("1" * 102),
    ],
)
def test_what_is_no_position_is_told_so(text):
    with pytest.raises(PositionError, match="begin anew"):
        position(text)


def test_a_position_comes_back_from_its_text():
    for place in (Position(), Position(7), Position(9, (4, 6))):
        assert position(str(place)) == place
