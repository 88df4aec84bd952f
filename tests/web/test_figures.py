"""What the service has counted, read from what it tells Prometheus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest

from voice.measures import Measures
from voice.web.figures import Share, read_figures, spread

SECONDS = st.lists(st.floats(0.001, 20), min_size=1, max_size=40)


def told(seconds: list[float]) -> str:
    measures = Measures()
    for each in seconds:
        measures.answered(each)
    return generate_latest(measures.registry).decode()


@pytest.mark.parametrize(
    "text",
    ["", "ok", "service: it does not answer; is it running?", "a b c d", "x 1\n"],
)
def test_what_is_not_the_services_answer_is_nothing(text: str):
    assert read_figures(text) is None


def test_a_service_that_has_just_started_has_timed_nothing():
    figures = read_figures(told([]))
    assert figures is not None
    assert figures.answer is None
    assert figures.going == {}


def test_calls_are_counted_by_what_answered_them():
    measures = Measures()
    for place in ("start", "start", "codes"):
        measures.call_began(place)
    measures.call_ended("codes", "ended")
    figures = read_figures(generate_latest(measures.registry).decode())
    assert figures is not None
    assert figures.going == {"start": 2, "codes": 0}


@given(SECONDS)
def test_a_share_is_told_within_the_bounds_that_hold_it(seconds: list[float]):
    figures = read_figures(told(seconds))
    assert figures is not None
    assert figures.answer is not None
    assert figures.answer.count == len(seconds)
    half, most = figures.answer.half, figures.answer.most
    assert half.seconds <= most.seconds
    if half.is_more:
        assert sum(each > 5 for each in seconds) * 2 > len(seconds)
    else:
        assert sum(each <= 5 for each in seconds) * 2 >= len(seconds)


def test_a_histogram_without_anything_tells_nothing():
    assert spread([]) is None
    assert spread([(0.1, 0.0), (float("inf"), 0.0)]) is None


def test_what_is_in_the_first_bucket_lies_between_nothing_and_its_bound():
    found = spread([(0.2, 4.0), (float("inf"), 4.0)])
    assert found is not None
    assert found.half == Share(0.1)
