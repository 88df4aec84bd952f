"""How well a turn was understood, as far as its meaning and score tell."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from voice.store.counts_port import Heard, Understanding
from voice.store.port import Turn, Who

# What `why` says of sound in which nothing could be understood.
_UNCLEAR = "unclear"


class How(StrEnum):
    """What became of something said."""

    WELL = "well"
    DOUBTFUL = "doubtful"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was understood of something said, and how well."""

    how: How
    command: str = ""
    reason: str = ""


def hearing(turn: Turn) -> Hearing | None:
    """Return how a turn was understood; None where nobody spoke."""
    if turn.who is not Who.CALLER:
        return None
    meant = record_of(turn.meaning)
    command, reason = meant.get("command"), meant.get("reason")
    if command is None:
        return Hearing(How.MISSED) if meant.get("why") == _UNCLEAR else None
    how = How.DOUBTFUL if meant.get("sure") is False else How.WELL
    return Hearing(how, str(command), "" if reason is None else str(reason))


def record_of(meaning: str | None) -> dict[str, object]:
    """Return what a turn's meaning tells; nothing where it cannot be read."""
    # What an earlier version wrote may be anything.
    try:
        record = json.loads(meaning or "{}")
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def understandings(day: date, turns: Iterable[Turn]) -> tuple[Understanding, ...]:
    """Count how the turns of a day were understood, by place and meaning."""
    counted: defaultdict[Heard, Counter[str]] = defaultdict(Counter)
    scores: defaultdict[Heard, float] = defaultdict(float)
    for turn in turns:
        understood = hearing(turn)
        if understood is None:
            continue
        heard = Heard(turn.place or "", understood.command, understood.reason)
        counted[heard][understood.how] += 1
        if turn.score is not None:
            counted[heard]["scored"] += 1
            scores[heard] += turn.score
    return tuple(
        Understanding(
            day,
            heard,
            count[How.WELL],
            count[How.DOUBTFUL],
            count[How.MISSED],
            count["scored"],
            scores[heard],
        )
        for heard, count in sorted(counted.items())
    )


def together(one: Understanding, other: Understanding) -> Understanding:
    """Add up two counts of the same."""
    return Understanding(
        one.day,
        one.heard,
        one.well + other.well,
        one.doubtful + other.doubtful,
        one.missed + other.missed,
        one.scored + other.scored,
        one.score + other.score,
    )
