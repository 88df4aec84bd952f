"""Counts and times of calendars, in the form that Prometheus reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from voice.store.links_port import LinkKind

# The aims are 1 s for half of the changes that a calendar tells of, and 2 s for nearly
# all.
_SECONDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)


class Outcome(StrEnum):
    """What a reading of a calendar came to."""

    OK = "ok"
    BUSY = "busy"
    DENIED = "denied"
    BROKEN = "broken"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Situation:
    """How the calendars are that a program follows; one that follows none has none."""

    coupled: int = 0
    failing: int = 0
    doubted: int = 0
    unread: int = 0
    """Of how many nothing has been read yet."""
    unwritten: int = 0
    """Into how many something is yet to be written."""
    oldest_seconds: float = 0.0
    """How old the oldest reading is."""
    watches: Mapping[LinkKind, int] = field(default_factory=dict)
    """How many have promised to call us, by kind."""


class CalendarMeasures:
    """What is counted of calendars; no label tells of a person or an address."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """Count for a registry; with none, for nobody."""
        self.registry = registry or CollectorRegistry()
        self._readings = self._counter("readings", "Readings", "kind", "outcome")
        self._requests = self._counter("requests", "Questions to servers", "kind")
        self._people = self._gauge("people", "People whose calendar is followed", "is")
        self._watches = self._gauge("watches", "Promises to call us", "kind")
        self._unwritten = self._gauge("unwritten", "Calendars to be written into")
        self._oldest = self._gauge("oldest_reading_seconds", "Age of the oldest one")
        self._follows = self._gauge("follows", "Whether this program follows them")
        self._pushed = Histogram(
            "telefonist_calendar_push_seconds",
            "From a calendar's call to the divert that follows",
            buckets=_SECONDS,
            registry=self.registry,
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        full = f"telefonist_calendar_{name}"
        return Counter(full, what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        full = f"telefonist_calendar_{name}"
        return Gauge(full, what, labels, registry=self.registry)

    def read(self, kind: LinkKind, outcome: Outcome) -> None:
        """Count a reading."""
        self._readings.labels(kind.value, outcome.value).inc()

    def asked(self, kind: LinkKind) -> None:
        """Count a question to a server, from whichever thread."""
        self._requests.labels(kind.value).inc()

    def pushed(self, seconds: float) -> None:
        """Note the time from a calendar's call to the divert that follows."""
        self._pushed.observe(seconds)

    def note(self, situation: Situation, follows: bool = True) -> None:
        """Note how the calendars are, and whether it is we who follow them."""
        self._follows.set(follows)
        self._people.labels("coupled").set(situation.coupled)
        self._people.labels("failing").set(situation.failing)
        self._people.labels("doubted").set(situation.doubted)
        self._people.labels("unread").set(situation.unread)
        self._unwritten.set(situation.unwritten)
        self._oldest.set(situation.oldest_seconds)
        for kind in LinkKind:
            self._watches.labels(kind.value).set(situation.watches.get(kind, 0))
