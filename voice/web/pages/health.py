"""Läge: how the service is, how well it answers and hears, how old calendars are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voice.store.counts_port import Outcome, Understanding
from voice.web.pages.understood import (
    Column,
    Row,
    Sum,
    Word,
    by,
    columns,
    total,
    words,
)

PERIODS = (7, 28, 90, 365)
"""How many days can be looked at."""
USUAL = 28


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the service that is not well."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days are looked at, and of what: a place, a meaning, or all."""

    days: int = USUAL
    place: str = ""
    command: str = ""
    reason: str = ""
    """Of a command that has one."""

    def fits(self, each: Understanding) -> bool:
        """Tell whether something that was heard is looked at."""
        is_place = self.place in ("", each.heard.place)
        is_command = self.command in ("", each.heard.command)
        return is_place and is_command and self.reason in ("", each.heard.reason)


@dataclass(frozen=True, slots=True)
class HearingPage:
    """How well was understood in some days."""

    asked: Asked
    since: date
    until: date
    sum: Sum
    columns: tuple[Column, ...]
    places: tuple[Row, ...]
    """Of whatever meaning: what is missed has none."""
    words: tuple[Word, ...]
    outcomes: tuple[tuple[str, int], ...]
    """How calls ended, and how many so; the most frequent first."""

    @property
    def calls(self) -> int:
        """How many calls have ended."""
        return sum(count for _, count in self.outcomes)


def parts(answer: str) -> tuple[Part, ...]:
    """Read what the service answers when it is asked how it is; none is all well."""
    lines = [line for line in answer.splitlines() if line.strip()]
    if lines == ["ok"]:
        return ()
    split = (line.partition(":") for line in lines)
    return tuple(Part(name.strip(), detail.strip()) for name, _, detail in split)


def asked(given: Mapping[str, str], places: Collection[str]) -> Asked:
    """Read what is asked for; what cannot be asked for is left out."""
    days, place = given.get("dagar", ""), given.get("plats", "")
    return Asked(
        days=next((each for each in PERIODS if str(each) == days), USUAL),
        place=place if place in places else "",
        command=given.get("vad", "")[:40],
        reason=given.get("orsak", "")[:40],
    )


def since(until: date, wanted: Asked) -> date:
    """Return the first day that is looked at."""
    return until - timedelta(days=wanted.days - 1)


def hearing_page(
    heard: Sequence[Understanding],
    outcomes: Sequence[Outcome],
    wanted: Asked,
    until: date,
) -> HearingPage:
    """Return how well was understood from the first day to the last."""
    chosen = [each for each in heard if wanted.fits(each)]
    ended: dict[str, int] = {}
    for outcome in outcomes:
        ended[outcome.outcome] = ended.get(outcome.outcome, 0) + outcome.calls
    return HearingPage(
        asked=wanted,
        since=since(until, wanted),
        until=until,
        sum=total(chosen),
        columns=columns(chosen, since(until, wanted), until),
        places=by(heard, lambda each: each.heard.place),
        words=words(heard, since(until, wanted), until),
        outcomes=tuple(sorted(ended.items(), key=lambda one: (-one[1], one[0]))),
    )
