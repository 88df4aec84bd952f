"""The picture of a call's course: all that was said is in it, and nothing outside."""

from hypothesis import given
from hypothesis import strategies as st
from web_calls import TALK, answered, said
from web_house import GRAMMAR

from voice.house import read_catalog
from voice.store.port import Turn, Who
from voice.web.pages.course import CALLER_Y, HEIGHT, LANE, course, waits
from voice.web.pages.outward import Discretion
from voice.web.pages.turns import line

SEEN = Discretion(read_catalog(GRAMMAR))


def picture(*turns: Turn) -> list[tuple[str, float, float]]:
    drawn = course([line(turn, number, SEEN) for number, turn in enumerate(turns)])
    return [(bar.who.value, bar.x, bar.width) for bar in drawn.bars]


def test_who_spoke_stands_where_it_was_said():
    first, second, third = picture(*TALK)
    # The attendant's begin where they are written down, the caller's end there.
    assert first[0] == third[0] == "attendant"
    assert second[0] == "caller"
    assert first[1] < second[1] < second[1] + second[2] <= third[1]


def test_the_surer_something_was_heard_the_higher_it_stands():
    drawn = course([line(said(n, "ja", n / 10), n, SEEN) for n in range(11)])
    heights = [bar.height for bar in drawn.bars]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(heights)
    assert all(bar.y + bar.height == CALLER_Y + LANE for bar in drawn.bars)


def test_an_answer_takes_the_time_from_what_was_said_to_the_next_that_is_spoken():
    talk = (*TALK, said(9.0, "eh"), said(10.0, "ja"), answered(11.5, "Klart."))
    lines = [line(turn, number, SEEN) for number, turn in enumerate(talk)]
    assert waits(lines) == [None, 4.9 - 4.5, None, None, 1.5, None]
    assert course(lines).longest_wait == 1.5


def test_nothing_said_is_no_picture():
    assert course([]).bars == ()
    assert course([line(said(1.0, ""), 0, SEEN)]).bars == ()


TURNS = st.lists(
    st.builds(
        Turn,
        t=st.floats(0, 36_000),
        who=st.sampled_from(Who),
        text=st.text(max_size=2000),
        score=st.none() | st.floats(-1, 2),
    ),
    max_size=200,
)


@given(TURNS)
def test_every_turn_with_words_is_drawn_within_the_picture(turns: list[Turn]):
    lines = [line(turn, number, SEEN) for number, turn in enumerate(turns)]
    drawn = course(lines)
    assert [bar.number for bar in drawn.bars] == [x.number for x in lines if x.text]
    for bar in drawn.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= drawn.width
        assert 0 <= bar.y < bar.y + bar.height <= HEIGHT
    assert all(0 <= tick.x <= drawn.width for tick in drawn.ticks)
    assert len(drawn.ticks) <= 20
