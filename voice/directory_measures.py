"""What is counted of the directory server, in the form that Prometheus reads."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge


class DirectoryMeasures:
    """Counts how often the directory server is looked at, and what that changed."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """Count for a registry; with none, for nobody."""
        registry = registry or CollectorRegistry()
        self._syncs = Counter(
            "telefonist_directory_syncs",
            "Times that the directory server was looked at",
            ["outcome"],
            registry=registry,
        )
        self._last = Gauge(
            "telefonist_directory_sync_seconds",
            "When it was last looked at, as a Unix time",
            ["outcome"],
            registry=registry,
        )
        self._people = Gauge(
            "telefonist_directory_sync_people",
            "How many were changed when it was last well, and how",
            ["how"],
            registry=registry,
        )

    def synced(self, at: datetime, people: Mapping[str, int]) -> None:
        """Note a time that went well: how many were changed, and in which way."""
        self._note("ok", at)
        for how, count in people.items():
            self._people.labels(how).set(count)

    def failed(self, at: datetime) -> None:
        """Note a time at which nothing was changed."""
        self._note("failed", at)

    def _note(self, outcome: str, at: datetime) -> None:
        self._syncs.labels(outcome).inc()
        self._last.labels(outcome).set(at.timestamp())
