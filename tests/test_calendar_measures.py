"""What is counted of calendars comes out for Prometheus, and tells of nobody."""

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from voice.calendar_measures import CalendarMeasures, Outcome, Situation
from voice.measures import Measures
from voice.store.links_port import LinkKind


def value(measures: Measures, name: str, **labels: str) -> float | None:
    return measures.registry.get_sample_value(f"telefonist_calendar_{name}", labels)


def test_readings_are_counted_by_kind_and_by_what_they_came_to():
    measures = Measures()
    for outcome in (Outcome.OK, Outcome.OK, Outcome.DENIED):
        measures.calendars.read(LinkKind.GOOGLE, outcome)
    google = {"kind": "google"}
    assert value(measures, "readings_total", **google, outcome="ok") == 2
    assert value(measures, "readings_total", **google, outcome="denied") == 1
    assert value(measures, "readings_total", **google, outcome="busy") is None


def test_questions_are_counted_by_kind():
    measures = Measures()
    measures.calendars.asked(LinkKind.CALDAV)
    assert value(measures, "requests_total", kind="caldav") == 1


def test_times_from_a_call_to_its_divert_fall_where_the_aims_can_be_read():
    measures = Measures()
    for seconds in (0.4, 0.9, 1.9):
        measures.calendars.pushed(seconds)
    assert value(measures, "push_seconds_bucket", le="1.0") == 2
    assert value(measures, "push_seconds_bucket", le="2.0") == 3


def test_how_they_are_is_told_as_it_is_now():
    measures = Measures()
    measures.calendars.note(
        Situation(5, 2, 1, 1, 3, 90.0, {LinkKind.GOOGLE: 4}), follows=True
    )
    people = [
        value(measures, "people", **{"is": each})
        for each in ("coupled", "failing", "doubted", "unread")
    ]
    assert people == [5, 2, 1, 1]
    assert value(measures, "unwritten") == 3
    assert value(measures, "oldest_reading_seconds") == 90
    assert value(measures, "watches", kind="google") == 4
    assert value(measures, "watches", kind="outlook") == 0
    assert value(measures, "follows") == 1


def test_who_follows_none_any_more_tells_of_none():
    measures = Measures()
    measures.calendars.note(Situation(5, watches={LinkKind.OUTLOOK: 4}))
    measures.calendars.note(Situation(), follows=False)
    assert value(measures, "people", **{"is": "coupled"}) == 0
    assert value(measures, "watches", kind="outlook") == 0
    assert value(measures, "follows") == 0


def test_there_are_few_labels_and_each_is_a_word_of_ours():
    measures = Measures()
    for kind in LinkKind:
        measures.calendars.asked(kind)
        for outcome in Outcome:
            measures.calendars.read(kind, outcome)
    measures.calendars.note(Situation())
    text = generate_latest(measures.registry).decode()
    told = {
        label
        for family in text_string_to_metric_families(text)
        if family.name.startswith("telefonist_calendar")
        for sample in family.samples
        for name, label in sample.labels.items()
        if name != "le"
    }
    people = {"coupled", "failing", "doubted", "unread"}
    assert told == {*LinkKind, *Outcome, *people}


def test_those_of_no_house_count_for_nobody():
    one, other = CalendarMeasures(), CalendarMeasures()
    one.asked(LinkKind.ICS)
    other.asked(LinkKind.ICS)
