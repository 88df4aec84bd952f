"""What the service has counted since it was started, read as Prometheus would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from prometheus_client.parser import text_string_to_metric_families

_PREFIX = "telefonist_"
_CALLS, _ANSWER, _GREETING = "calls", "answer_seconds", "greeting_seconds"


@dataclass(frozen=True, slots=True)
class Share:
    """How long a share of something took at most, as far as it was counted."""

    seconds: float
    is_more: bool = False
    """Whether it took longer than anything that is told apart."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """How often something took between so many seconds; `high` None is no end."""

    low: float
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: how often it was timed, and what half and most took."""

    count: int
    half: Share
    most: Share
    """What 95 of 100 took."""
    buckets: tuple[Bucket, ...] = ()
    """From the first that anything was in to the last."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the service tells of itself; what it has not done yet is None."""

    going: Mapping[str, int] = field(default_factory=dict)
    """The calls that go on, by what answered them."""
    answer: Spread | None = None
    greeting: Spread | None = None


def read_figures(text: str) -> Figures | None:
    """Read what the service answers; None where it was not the service's answer."""
    try:
        families = {each.name: each for each in text_string_to_metric_families(text)}
    except ValueError:
        return None
    calls = families.get(_PREFIX + _CALLS)
    if calls is None:
        return None
    going = {each.labels.get("place", ""): int(each.value) for each in calls.samples}
    buckets: dict[str, list[tuple[float, float]]] = {_ANSWER: [], _GREETING: []}
    for name, found in buckets.items():
        family = families.get(_PREFIX + name)
        for sample in family.samples if family else ():
            if sample.name.endswith("_bucket"):
                found.append((float(sample.labels["le"]), sample.value))
    return Figures(going, spread(buckets[_ANSWER]), spread(buckets[_GREETING]))


def spread(buckets: Sequence[tuple[float, float]]) -> Spread | None:
    """Return what a histogram tells; None where nothing was timed.

    Each bucket is the seconds up to which it counts, and how many took no longer.
    """
    count = buckets[-1][1] if buckets else 0
    if count <= 0:
        return None
    half, most = _share(buckets, 0.5), _share(buckets, 0.95)
    return Spread(int(count), half, most, _filled(buckets))


def _filled(buckets: Sequence[tuple[float, float]]) -> tuple[Bucket, ...]:
    found = [
        Bucket(low, None if high == float("inf") else high, int(up_to - before))
        for (low, before), (high, up_to) in pairwise([(0.0, 0.0), *buckets])
    ]
    there = [nth for nth, bucket in enumerate(found) if bucket.count]
    return tuple(found[there[0] : there[-1] + 1])


def _share(buckets: Sequence[tuple[float, float]], share: float) -> Share:
    """Look between two bounds as if all were spread evenly there."""
    wanted = share * buckets[-1][1]
    for (low, before), (high, up_to) in pairwise([(0.0, 0.0), *buckets]):
        if up_to >= wanted:
            if high == float("inf"):
                return Share(low, is_more=True)
            return Share(low + (high - low) * (wanted - before) / (up_to - before))
    return Share(buckets[-1][0], is_more=True)
