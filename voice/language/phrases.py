"""What a template can be said as: all of it counted, and the first of it spelled."""

from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod

from voice.language.template import Chain, Choice, Expression, Rule, Rules, Slot, Word

# So many ways to say the same are looked through to find another.
_MOST_ALIKE = 20


def count_ways(tree: Expression, rules: Rules) -> int:
    """Count the ways to say what a tree accepts without any slot."""
    match tree:
        case Word():
            return 1
        case Chain(parts):
            return prod(count_ways(part, rules) for part in parts)
        case Choice(choices):
            return sum(count_ways(choice, rules) for choice in choices)
        case Rule(name):
            return count_ways(rules.shared[name], rules)
        case Slot():
            return 0


def phrases(tree: Expression, rules: Rules, limit: int = 5000) -> tuple[str, ...]:
    """Return what a tree accepts without any slot; at most `limit` of them."""
    found: dict[str, None] = {}
    # As they come: of some parts that may be left out there are millions.
    for phrase in islice(_spelled(tree, rules), _MOST_ALIKE * limit):
        if len(found) == limit:
            break
        if phrase:
            found[" ".join(phrase)] = None
    return tuple(found)


def _spelled(tree: Expression, rules: Rules) -> Iterator[tuple[str, ...]]:
    match tree:
        case Word(text):
            yield (text,)
        case Chain(parts):
            yield from _chained(parts, rules)
        case Choice(ways):
            for way in ways:
                yield from _spelled(way, rules)
        case Rule(name):
            yield from _spelled(rules.shared[name], rules)
        case Slot():
            pass


def _chained(parts: Sequence[Expression], rules: Rules) -> Iterator[tuple[str, ...]]:
    if not parts:
        yield ()
        return
    for first in _spelled(parts[0], rules):
        for rest in _chained(parts[1:], rules):
            yield (*first, *rest)
