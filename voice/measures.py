"""Counts and times of calls, in the form that Prometheus reads."""

import re

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)

from voice.calendar_measures import CalendarMeasures
from voice.directory_measures import DirectoryMeasures

# The aims are 0.3 s for half of the answers and 0.5 s for nearly all; a greeting has
# 1 s. A caller notices anything above.
_SECONDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 5.0)
# What is asked about and what is carried out begin among these.
_SCORES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
_OTHER = "other"
_MOST_LABELS = 50


class Measures:
    """What a house counts; no label tells of a person or a number."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calendars = CalendarMeasures(self.registry)
        self.directory = DirectoryMeasures(self.registry)
        self._places, self._outcomes, self._queues = _Labels(), _Labels(), _Labels()
        ProcessCollector(registry=self.registry)
        self._begun = self._counter("calls_begun", "Calls taken", "place")
        self._ended = self._counter("calls_ended", "Calls ended", "place", "outcome")
        self._standing = Gauge(
            "telefonist_calls", "Calls going on", ["place"], registry=self.registry
        )
        self._misses = self._counter("misses", "Utterances not understood", "place")
        self._dropped = self._counter("dropped_sound_frames", "Frames of 20 ms lost")
        self._depth = Gauge(
            "telefonist_queue_depth", "What waits", ["queue"], registry=self.registry
        )
        self._answer = self._seconds("answer_seconds", "End of speech to the answer")
        self._greeting = self._seconds("greeting_seconds", "Offer to the greeting")
        self._score = Histogram(
            "telefonist_acceptance_score",
            "How well speech fitted what can be said",
            ["place"],
            buckets=_SCORES,
            registry=self.registry,
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"telefonist_{name}", what, labels, registry=self.registry)

    def _seconds(self, name: str, what: str) -> Histogram:
        return Histogram(
            f"telefonist_{name}", what, buckets=_SECONDS, registry=self.registry
        )

    def call_began(self, place: str) -> None:
        """Count a call that was taken; `place` is what answers it, never a number."""
        label = self._places.of(place)
        self._begun.labels(label).inc()
        self._standing.labels(label).inc()

    def call_ended(self, place: str, outcome: str) -> None:
        """Count how a call that began at the place has ended."""
        label = self._places.of(place)
        self._ended.labels(label, self._outcomes.of(outcome)).inc()
        self._standing.labels(label).dec()

    def greeting(self, seconds: float) -> None:
        """Note the time from the offer of a call to the first sound of its greeting."""
        self._greeting.observe(seconds)

    def answered(self, seconds: float) -> None:
        """Note the time from the end of speech to the first sound of the answer."""
        self._answer.observe(seconds)

    def heard(self, place: str, score: float) -> None:
        """Note how well what was said at a place fitted."""
        self._score.labels(self._places.of(place)).observe(score)

    def missed(self, place: str) -> None:
        """Count what was said at a place and not understood."""
        self._misses.labels(self._places.of(place)).inc()

    def dropped_sound(self, frames: int) -> None:
        """Count frames that came and were not heard."""
        self._dropped.inc(frames)

    def queue_depth(self, name: str, depth: int) -> None:
        """Note how much waits in a queue."""
        self._depth.labels(self._queues.of(name)).set(depth)


class _Labels:
    """Words that are let through as labels: no numbers, and never endlessly many.

    Each label is a row that Prometheus keeps for ever, and that anybody may read who
    can reach the page.
    """

    _PLAIN = re.compile(r"[a-z][a-z_]{0,30}")

    def __init__(self) -> None:
        self._known: set[str] = set()

    def of(self, word: str) -> str:
        if word in self._known:
            return word
        is_full = len(self._known) >= _MOST_LABELS
        if is_full or not self._PLAIN.fullmatch(word):
            return _OTHER
        self._known.add(word)
        return word
