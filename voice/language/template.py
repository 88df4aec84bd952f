"""Sentence templates: `(a|b)`, `[optional]`, `{slot}`, `<rule>`, `word[ending]`.

`[~optional]` may be said and is not waited for: it changes nothing that matters.

One tree serves twice: `matching` reads words with it and `automaton` makes of it the
automaton that the ear's graph is built from, so there is no second word list.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TypeAlias

from voice.errors import VoiceError

_TOKEN = re.compile(r"\s+|[\[\]()|~]|\{\w+\}|<\w+>|[^\s\[\](){}<>|~]+|.")

_MOST_ENDINGS = 200


class TemplateError(VoiceError):
    """A template that cannot be read."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, said as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts that follow each other; without parts, nothing at all."""

    parts: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways; `rare` when it is not waited for."""

    ways: tuple["Expression", ...]
    rare: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A shared expression, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A part with a meaning: one of its named patterns, which is remembered."""

    name: str


Expression: TypeAlias = Word | Chain | Choice | Rule | Slot
NOTHING = Chain()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the names in templates stand for."""

    shared: Mapping[str, Expression]
    slots: Mapping[str, Mapping[str, Expression]]
    # What `first` has found, by the identity of its tree, which is kept alive with it.
    _firsts: dict[int, tuple[Expression, frozenset[str]]] = field(
        default_factory=dict, compare=False, repr=False
    )
    # What `beginning` has found, by slot and word.
    _beginnings: dict[str, dict[str, list[str]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def beginning(self, slot: str, word: str) -> list[str]:
        """Return the patterns of a slot that can begin with a word, or be empty.

        There are thousands where names are a slot: few are worth reading.
        """
        if slot not in self._beginnings:
            begun: dict[str, list[str]] = {}
            for pattern, way in self.slots[slot].items():
                for first in self.first(way):
                    begun.setdefault(first, []).append(pattern)
            self._beginnings[slot] = begun
        begun = self._beginnings[slot]
        return [*dict.fromkeys((*begun.get(word, ()), *begun.get("", ())))]

    def first(self, tree: Expression) -> frozenset[str]:
        """Return the words that a tree can begin with; "" when it can be empty."""
        if id(tree) not in self._firsts:
            self._firsts[id(tree)] = (tree, self._found_first(tree))
        return self._firsts[id(tree)][1]

    def _found_first(self, tree: Expression) -> frozenset[str]:
        match tree:
            case Word(text):
                return frozenset((text,))
            case Chain(parts):
                found: frozenset[str] = frozenset(("",))
                for part in parts:
                    if "" in found:
                        found = found - {""} | self.first(part)
                return found
            case Choice(ways):
                return frozenset().union(*map(self.first, ways))
            case Rule(name):
                return self.first(self.shared[name])
            case Slot(name):
                return frozenset().union(*map(self.first, self.slots[name].values()))


@dataclass(frozen=True, slots=True)
class Capture:
    """A slot that was read: which of its patterns, and the slots inside it."""

    slot: str
    pattern: str
    inner: tuple["Capture", ...] = ()

    def find(self, slot: str) -> "Capture | None":
        """Return the first slot of this name directly inside."""
        return next((c for c in self.inner if c.slot == slot), None)


Captures: TypeAlias = tuple[Capture, ...]


def parse(text: str) -> Expression:
    """Read a template; TemplateError says what is wrong with it and where."""
    tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(text.strip())]
    reader = _Reader(text, tokens)
    tree = reader.choice()
    if reader.left():
        raise reader.fault(f"'{reader.peek()}' has no beginning")
    return tree


class _Reader:
    """Recursive descent over the tokens of one template."""

    def __init__(self, text: str, tokens: list[tuple[str, int]]) -> None:
        self._text, self._tokens, self._at = text, tokens, 0

    def left(self) -> bool:
        return self._at < len(self._tokens)

    def peek(self) -> str:
        return self._tokens[self._at][0] if self.left() else ""

    def fault(self, what: str) -> TemplateError:
        column = self._tokens[self._at][1] + 1 if self.left() else len(self._text)
        return TemplateError(f'{what} (column {column} of "{self._text}")')

    def choice(self) -> Expression:
        ways = [self._chain()]
        while self.peek() == "|":
            self._at += 1
            ways.append(self._chain())
        if len(ways) > 1 and NOTHING in ways:
            raise self.fault(
                "an alternative is empty: use [ ] for what may be left out"
            )
        return ways[0] if len(ways) == 1 else Choice(tuple(ways))

    def _chain(self) -> Expression:
        parts: list[Expression] = []
        glued: list[Expression] = []
        while self.left() and self.peek() not in "|])":
            if self.peek().isspace():
                self._at += 1
                parts += self._joined(glued)
                glued = []
            else:
                glued.append(self._part())
        parts += self._joined(glued)
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def _part(self) -> Expression:
        token = self.peek()
        if token in "[(":
            return self._group("]" if token == "[" else ")")
        self._at += 1
        if token[0] == "{" and len(token) > 2:
            return Slot(token[1:-1])
        if token[0] == "<" and len(token) > 2:
            return Rule(token[1:-1])
        if not token.replace("-", "").isalnum():
            self._at -= 1
            raise self.fault(f"'{token}' is not a word")
        return Word(token.lower())

    def _group(self, closing: str) -> Expression:
        self._at += 1
        rare = closing == "]" and self.peek() == "~"
        self._at += rare
        inner = self.choice()
        if self.peek() != closing:
            raise self.fault(f"'{closing}' is missing")
        if inner == NOTHING:
            raise self.fault("the brackets are empty")
        self._at += 1
        return inner if closing == ")" else Choice((inner, NOTHING), rare)

    def _joined(self, glued: list[Expression]) -> list[Expression]:
        """Turn `word[a|b]`, written without space, into its whole words."""
        if len(glued) < 2:
            return glued
        ways = [self._spellings(each) for each in glued]
        if prod(map(len, ways)) > _MOST_ENDINGS:
            raise self.fault("a word has too many endings")
        spelled = ["".join(each) for each in product(*ways)]
        return [Choice(tuple(Word(s) for s in spelled))]

    def _spellings(self, part: Expression) -> list[str]:
        match part:
            case Word(text):
                return [text]
            case Choice(ways):
                return [s for way in ways for s in self._spellings(way)]
            case Chain(()):
                return [""]
            case _:
                raise self.fault("only letters can be joined to a word")


def names(tree: Expression) -> Iterator[Rule | Slot]:
    """Yield every rule and slot that a tree speaks of, directly."""
    match tree:
        case Rule() | Slot():
            yield tree
        case Chain(parts) | Choice(parts):
            for part in parts:
                yield from names(part)
        case Word():
            pass


def words(tree: Expression) -> frozenset[str]:
    """Return the words of a tree itself; those of its rules and slots are theirs."""
    match tree:
        case Word(text):
            return frozenset((text,))
        case Chain(parts) | Choice(parts):
            return frozenset().union(*(words(part) for part in parts))
        case Rule() | Slot():
            return frozenset()


def can_be_empty(tree: Expression, rules: Rules) -> bool:
    """Tell whether a tree accepts saying nothing."""
    return "" in rules.first(tree)
