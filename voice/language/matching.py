"""Words read with a sentence template: every way in which it accepts them."""

from collections.abc import Sequence
from typing import TypeAlias

from voice.language.template import (
    Capture,
    Captures,
    Chain,
    Choice,
    Expression,
    Rule,
    Rules,
    Slot,
    Word,
)


def matches(tree: Expression, said: Sequence[str], rules: Rules) -> list[Captures]:
    """Return every way in which a tree accepts all the words, as its slots."""
    found = _Matcher(said, rules).read(tree, 0)
    return list(dict.fromkeys(captures for end, captures in found if end == len(said)))


_Reading: TypeAlias = tuple[int, Captures]


class _Matcher:
    """All readings of a tree from a place in the words, remembered by place."""

    def __init__(self, said: Sequence[str], rules: Rules) -> None:
        self._said, self._rules = said, rules
        self._known: dict[tuple[Rule | Slot, int], list[_Reading]] = {}

    def read(self, tree: Expression, at: int) -> list[_Reading]:
        match tree:
            case Word(text):
                fits = at < len(self._said) and self._said[at] == text
                return [(at + 1, ())] if fits else []
            case Chain(parts):
                return self._in_turn(parts, at)
            case Choice(ways):
                return [
                    reading
                    for way in ways
                    if self._can_begin(way, at)
                    for reading in self.read(way, at)
                ]
            case Rule() | Slot():
                if (tree, at) not in self._known:
                    self._known[tree, at] = self._named(tree, at)
                return self._known[tree, at]

    def _in_turn(self, parts: tuple[Expression, ...], at: int) -> list[_Reading]:
        readings: list[_Reading] = [(at, ())]
        for part in parts:
            readings = [
                (after, captures + more)
                for end, captures in readings
                for after, more in self.read(part, end)
            ]
        return readings

    def _named(self, tree: Rule | Slot, at: int) -> list[_Reading]:
        if isinstance(tree, Rule):
            return self.read(self._rules.shared[tree.name], at)
        ways = self._rules.slots[tree.name]
        word = self._said[at] if at < len(self._said) else ""
        return [
            (end, (Capture(tree.name, pattern, inner),))
            for pattern in self._rules.beginning(tree.name, word)
            for end, inner in self.read(ways[pattern], at)
        ]

    def _can_begin(self, tree: Expression, at: int) -> bool:
        """Tell whether a tree is worth reading here: most of them are not."""
        first = self._rules.first(tree)
        return "" in first or (at < len(self._said) and self._said[at] in first)
