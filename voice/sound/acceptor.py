"""Which sentences may be said in one place, as an automaton over words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

Table = tuple[dict[str, int], ...]


class Progress(Enum):
    """How far some words have come on the way to a sentence."""

    NOTHING = auto()
    """No word yet."""
    INCOMPLETE = auto()
    """The beginning of a sentence, or words that no sentence begins with."""
    EXTENDABLE = auto()
    """A whole sentence that more words could extend."""
    WHOLE = auto()
    """A whole sentence that nothing can extend."""


@dataclass(frozen=True)
class Machine:
    """A deterministic automaton without dead ends, and a start for each place."""

    moves: Table
    accepting: frozenset[int]
    starts: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Acceptor:
    """The sentences of some places; moves are (from, to, word), "" an empty move.

    Places that have sentences in common share their states, and begin in their own.
    """

    arcs: tuple[tuple[int, int, str], ...]
    finals: frozenset[int]
    starts: tuple[int, ...] = (0,)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of any sentence."""
        return frozenset(word for _, _, word in self._useful if word)

    @cached_property
    def machine(self) -> Machine:
        """The smallest deterministic automaton of the same sentences."""
        return _smallest(_trimmed(_determined(self)))

    def progress(self, words: Sequence[str], place: int = 0) -> Progress:
        """Say how far the words have come on the way to a sentence of a place.

        Only the states that these words reach are looked at: the whole machine is
        not needed for this, and takes long to make.
        """
        if not words:
            return Progress.NOTHING
        states = self._after(frozenset((self.starts[place],)))
        for word in words:
            states = self._after(
                frozenset(to for s in states for to in self._spoken[s].get(word, ()))
            )
        if not states & self.finals:
            return Progress.INCOMPLETE
        goes_on = any(self._spoken[state] for state in states)
        return Progress.EXTENDABLE if goes_on else Progress.WHOLE

    @cached_property
    def _useful(self) -> tuple[tuple[int, int, str], ...]:
        """The moves from which a sentence can be finished."""
        sources = defaultdict(list)
        for source, to, _ in self.arcs:
            sources[to].append(source)
        useful = _closure(self.finals, sources)
        return tuple(arc for arc in self.arcs if arc[1] in useful)

    @cached_property
    def _spoken(self) -> Mapping[int, Mapping[str, list[int]]]:
        spoken: dict[int, dict[str, list[int]]] = defaultdict(dict)
        for source, to, word in self._useful:
            if word:
                spoken[source].setdefault(word, []).append(to)
        return spoken

    @cached_property
    def _empty(self) -> Mapping[int, list[int]]:
        empty = defaultdict(list)
        for source, to, word in self._useful:
            if not word:
                empty[source].append(to)
        return empty

    def _after(self, states: frozenset[int]) -> frozenset[int]:
        return _closure(states, self._empty)


def of_phrases(phrases: Iterable[str]) -> Acceptor:
    """Accept exactly these phrases, words apart by blanks."""
    nodes: dict[tuple[int, str], int] = {}
    finals = set()
    for phrase in phrases:
        state = 0
        for word in phrase.split():
            state = nodes.setdefault((state, word), len(nodes) + 1)
        if state:
            finals.add(state)
    arcs = tuple((source, to, word) for (source, word), to in nodes.items())
    return Acceptor(arcs, frozenset(finals))


def _determined(acceptor: Acceptor) -> Machine:
    """Follow every word from every set of states that can be reached together."""
    empty: Mapping[int, list[int]]
    spoken, empty = defaultdict(list), defaultdict(list)
    for source, to, word in acceptor.arcs:
        if word:
            spoken[source].append((word, to))
        else:
            empty[source].append(to)
    closed: dict[frozenset[int], frozenset[int]] = {}
    starts = [_closure({state}, empty) for state in acceptor.starts]
    numbers = {start: n for n, start in enumerate(dict.fromkeys(starts))}
    waiting, moves = list(numbers), []
    for states in waiting:  # grows while it is read
        reached = defaultdict(set)
        for state in states:
            for word, to in spoken[state]:
                reached[word].add(to)
        row = {}
        for word in sorted(reached):
            direct = frozenset(reached[word])
            there = closed.get(direct) or _closure(direct, empty)
            closed[direct] = there
            if there not in numbers:
                numbers[there] = len(numbers)
                waiting.append(there)
            row[word] = numbers[there]
        moves.append(row)
    accepting = {n for states, n in numbers.items() if states & acceptor.finals}
    begins = tuple(numbers[start] for start in starts)
    return Machine(tuple(moves), frozenset(accepting), begins)


def _closure(states: Iterable[int], empty: Mapping[int, list[int]]) -> frozenset[int]:
    reached = set(states)
    waiting = list(reached)
    while waiting:
        for state in empty.get(waiting.pop(), ()):
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    return frozenset(reached)


def _trimmed(machine: Machine) -> Machine:
    """Drop the moves from which no sentence can be finished."""
    sources = defaultdict(list)
    for source, row in enumerate(machine.moves):
        for to in row.values():
            sources[to].append(source)
    useful = _closure(machine.accepting, sources)
    moves = tuple(
        {word: to for word, to in row.items() if to in useful} for row in machine.moves
    )
    return Machine(moves, machine.accepting, machine.starts)


def _smallest(machine: Machine) -> Machine:
    """Join states that the same words lead on from, by refining a partition."""
    block = [int(state in machine.accepting) for state in range(len(machine.moves))]
    count = 0
    while True:
        numbers: dict[tuple[int, tuple[tuple[str, int], ...]], int] = {}
        refined = []
        for state, row in enumerate(machine.moves):
            onward = tuple((word, block[to]) for word, to in row.items())
            refined.append(numbers.setdefault((block[state], onward), len(numbers)))
        block = refined
        if len(numbers) == count:
            return _merged(machine, block)
        count = len(numbers)


def _merged(machine: Machine, block: Sequence[int]) -> Machine:
    """Give each block the moves of its states, numbering what a start can reach."""
    rows: dict[int, dict[str, int]] = {}
    for state, row in enumerate(machine.moves):
        rows.setdefault(block[state], row)
    starts = [block[state] for state in machine.starts]
    numbers = {start: n for n, start in enumerate(dict.fromkeys(starts))}
    waiting, moves = list(numbers), []
    for here in waiting:  # grows while it is read
        for to in rows[here].values():
            if block[to] not in numbers:
                numbers[block[to]] = len(numbers)
                waiting.append(block[to])
        moves.append({word: numbers[block[to]] for word, to in rows[here].items()})
    accepting = {numbers[block[s]] for s in machine.accepting if block[s] in numbers}
    begins = tuple(numbers[start] for start in starts)
    return Machine(tuple(moves), frozenset(accepting), begins)
