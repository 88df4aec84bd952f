"""Number words: the slots they fill, and numbers spoken as words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice.language.template import Chain, Choice, Expression, Word


@dataclass(frozen=True, slots=True)
class Numbers:
    """Every way to say a number; the first way is the one that is spoken."""

    cardinals: Mapping[int, tuple[tuple[str, ...], ...]]
    ordinals: Mapping[int, tuple[tuple[str, ...], ...]]
    centuries: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """How years begin: 19 is "nittonhundra"."""

    def spoken(self, number: int) -> str:
        """Return a number from 0 to 59 as words: 25 is "tjugo fem"."""
        return " ".join(self.cardinals[number][0])

    def spoken_ordinal(self, number: int) -> str:
        """Return a number from 1 to 31 as an ordinal: 5 is "femte"."""
        return " ".join(self.ordinals[number][0])

    def compounds(self) -> dict[str, str]:
        """Return the numbers written as one word, with their parts: "tjugofem"."""
        ways = [*self.cardinals.values(), *self.ordinals.values()]
        return {
            "".join(parts): " ".join(parts)
            for spellings in ways
            for parts in spellings
            if len(parts) > 1
        }


def numbers(
    units: Mapping[int, list[str]],
    tens: Mapping[int, list[str]],
    ordinals: Mapping[int, list[str]],
    centuries: Mapping[int, list[str]],
) -> Numbers:
    """Compose all numbers from their words: a ten and its unit are two words."""
    cardinals = _whole(units) | _whole(tens) | _composed(tens, units)
    return Numbers(
        dict(sorted(cardinals.items())),
        dict(sorted((_whole(ordinals) | _composed(tens, ordinals)).items())),
        {century: tuple(ways) for century, ways in centuries.items()},
    )


def _whole(spelled: Mapping[int, list[str]]) -> dict[int, tuple[tuple[str, ...], ...]]:
    return {n: tuple((word,) for word in ways) for n, ways in spelled.items()}


def _composed(
    tens: Mapping[int, list[str]], units: Mapping[int, list[str]]
) -> dict[int, tuple[tuple[str, ...], ...]]:
    return {
        ten + unit: tuple((t, u) for t in ten_ways for u in units[unit])
        for ten, ten_ways in tens.items()
        for unit in range(1, 10)
        if unit in units
    }


def slot(
    ways: Mapping[int, tuple[tuple[str, ...], ...]], first: int, last: int
) -> dict[str, Expression]:
    """Return a slot of the numbers from first to last, its patterns their values."""
    return {
        str(n): Choice(tuple(Chain(tuple(map(Word, parts))) for parts in spellings))
        for n, spellings in ways.items()
        if first <= n <= last
    }
