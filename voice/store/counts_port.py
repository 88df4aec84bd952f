"""What we ask of any database about how calls went, day by day."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Heard:
    """Where in the dialogue something was said, and what was understood by it."""

    place: str = ""
    """Empty where it is not known."""
    command: str = ""
    """Empty where nothing was understood."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """How often something was heard on a Swedish day, and how well."""

    day: date
    heard: Heard
    well: int = 0
    doubtful: int = 0
    missed: int = 0
    scored: int = 0
    """How many of them have a score; the scores together are `score`."""
    score: float = 0.0

    @property
    def turns(self) -> int:
        """How often it was heard at all."""
        return self.well + self.doubtful + self.missed

    @property
    def mean(self) -> float | None:
        """The mean score; None where nothing has one."""
        return self.score / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many calls that began on a Swedish day ended so."""

    day: date
    outcome: str
    calls: int


class Counts(Protocol):
    """What was counted when calls ended; it tells of nobody, and outlives the calls.

    Both days are among those asked for.
    """

    async def understanding(
        self, since: date, until: date
    ) -> tuple[Understanding, ...]:
        """Return how well was understood, by day, place and meaning."""
        ...

    async def outcomes(self, since: date, until: date) -> tuple[Outcome, ...]:
        """Return how calls ended, by day and outcome."""
        ...
