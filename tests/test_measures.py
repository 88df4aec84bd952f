"""What is counted comes out as Prometheus reads it, and tells of nobody."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from voice.measures import Measures


def value(measures: Measures, name: str, **labels: str) -> float | None:
    return measures.registry.get_sample_value(f"telefonist_{name}", labels)


def test_a_call_is_counted_where_it_began_and_as_it_ended():
    measures = Measures()
    measures.call_began("spoken")
    measures.call_began("spoken")
    assert value(measures, "calls", place="spoken") == 2
    measures.call_ended("spoken", "hung_up")
    assert value(measures, "calls", place="spoken") == 1
    assert value(measures, "calls_begun_total", place="spoken") == 2
    ended = {"place": "spoken", "outcome": "hung_up"}
    assert value(measures, "calls_ended_total", **ended) == 1


def test_times_and_scores_fall_where_the_aims_can_be_read():
    measures = Measures()
    for seconds in (0.25, 0.28, 0.7):
        measures.answered(seconds)
    measures.greeting(0.9)
    measures.heard("start", 0.86)
    assert value(measures, "answer_seconds_bucket", le="0.3") == 2
    assert value(measures, "answer_seconds_bucket", le="0.5") == 2
    assert value(measures, "answer_seconds_count") == 3
    assert value(measures, "greeting_seconds_bucket", le="1.0") == 1
    score = "acceptance_score_bucket"
    assert value(measures, score, place="start", le="0.85") == 0
    assert value(measures, score, place="start", le="0.9") == 1


def test_misses_queues_and_dropped_sound_are_counted():
    measures = Measures()
    measures.missed("divert")
    measures.queue_depth("ear", 7)
    measures.queue_depth("ear", 3)
    measures.dropped_sound(5)
    assert value(measures, "misses_total", place="divert") == 1
    assert value(measures, "queue_depth", queue="ear") == 3
    assert value(measures, "dropped_sound_frames_total") == 5


def test_two_houses_in_one_program_count_for_themselves():
    one, other = Measures(), Measures()
    one.call_began("spoken")
    assert value(other, "calls", place="spoken") is None


@given(st.text(), st.text())
def test_no_number_and_no_name_becomes_a_label(place: str, outcome: str):
    measures = Measures()
    measures.call_began(place)
    measures.call_ended(place, outcome)
    measures.heard(place, 0.5)
    text = generate_latest(measures.registry).decode()
    told = {
        label
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for name, label in sample.labels.items()
        if name != "le"
    }
    assert not any(character.isdigit() for label in told for character in label)
    assert told <= {place, outcome, "other"}


def test_labels_do_not_grow_without_end():
    measures = Measures()
    for number in range(2000):
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        measures.missed(letters)
    rows = generate_latest(measures.registry).decode().count("telefonist_misses_total{")
    assert rows == 51
    assert value(measures, "misses_total", place="other") == 1950
