"""Word automaton and pronunciations -> the bytes of Kaldi's decoding graph (HCLG).

The graph is strict: silence, or exactly one sentence. It is built whole, without an
FST toolkit: over a minimal word automaton, determinising means no more than one tree
of phones at each of its states, and a phone of one state is its own HMM. The wheel
`kaldifst` would do it too, but cannot live in one process with `vosk`: both bring
OpenFst, and the second to be loaded hangs or crashes.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import inf, log
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from voice.sound.acceptor import Machine
from voice.sound.models import Phones

HALF = log(2)  # cost of staying in a phone, of leaving it, of a pause and of none
WORD = 6.0  # cost of a word, or hesitations and the like come out of mere breath
SENTENCE = -5.0  # makes a sentence of one word cost 1: noise is rather silence

# As OpenFst's ConstFst keeps them (const-fst.h, ConstState; arc.h, ArcTpl).
_STATE = np.dtype(
    [
        ("final", "<f4"),
        ("first", "<u4"),
        ("arcs", "<u4"),
        ("input_silent", "<u4"),
        ("output_silent", "<u4"),
    ]
)
_ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("to", "<i4")])

Counts: TypeAlias = NDArray[np.int64]
Arcs: TypeAlias = NDArray[np.void]

Arc = tuple[int, int, float, int]  # transition or 0, word or 0, cost, next state


@dataclass(frozen=True, slots=True)
class Spelling:
    """Numbers of placed phones and words, and how words are pronounced."""

    phones: Mapping[str, int]
    words: Mapping[str, int]
    pronunciations: Mapping[str, Sequence[Phones]]

    def placed(self, word: str) -> Iterator[tuple[int, ...]]:
        """Yield each pronunciation in numbers of phones placed in the word."""
        for phones in self.pronunciations[word]:
            places = "S" if len(phones) == 1 else f"B{'I' * (len(phones) - 2)}E"
            pairs = zip(phones, places, strict=True)
            yield tuple(self.phones[f"{phone}_{place}"] for phone, place in pairs)


@dataclass(slots=True)
class Graph:
    """A transducer under construction, and where each place begins in it."""

    arcs: list[list[Arc]] = field(default_factory=list)
    finals: dict[int, float] = field(default_factory=dict)
    rests: dict[tuple[tuple[int, ...], int], int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)

    def state(self) -> int:
        """Add a state and return its number."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def rest(self, phones: tuple[int, ...], after: int) -> int:
        """Return the state in the first of some phones that lead on to `after`.

        Words that go on alike share it, wherever they began.
        """
        known = self.rests.get((phones, after))
        if known is not None:
            return known
        onward = (0, 0, HALF, after)
        if phones[1:]:
            onward = (2 * phones[1], 0, HALF, self.rest(phones[1:], after))
        inside = self.rests[phones, after] = self.state()
        self.arcs[inside] += [(2 * phones[0] - 1, 0, HALF, inside), onward]
        return inside

    def phone(self, source: int, phone: int, word: int, cost: float) -> int:
        """Add a phone behind `source` and return the state one stays in it.

        Transition 2k enters phone k and 2k-1 stays in it; leaving costs HALF.
        """
        inside = self.state()
        self.arcs[source].append((2 * phone, word, cost, inside))
        self.arcs[inside].append((2 * phone - 1, 0, HALF, inside))
        return inside


def placed(phones: Phones) -> dict[str, int]:
    """Number silence, then every phone by its place in a word, as the model does."""
    names = [
        phones[0],
        *(f"{phone}_{place}" for phone in phones[1:] for place in "BEIS"),
    ]
    return {name: number for number, name in enumerate(names, 1)}


def decoding_graph(machine: Machine, spelling: Spelling) -> Graph:
    """Accept silence, or one sentence with optional pauses round its words."""
    graph = Graph()
    said = graph.state()
    before = [graph.state() for _ in machine.moves]
    after = [graph.state() for _ in machine.moves]  # a word; a pause may follow
    for begins in machine.starts:
        start, nothing = graph.state(), graph.state()
        _pause(graph, start, nothing)
        graph.finals[nothing] = 0.0
        graph.arcs[nothing].append((0, 0, SENTENCE, before[begins]))
        graph.starts.append(start)
    ways = {
        word: tuple(dict.fromkeys(spelling.placed(word)))
        for word in spelling.pronunciations
    }
    for state, row in enumerate(machine.moves):
        _pause(graph, after[state], before[state])
        if state in machine.accepting:
            graph.arcs[before[state]].append((0, 0, 0.0, said))
        tree = [
            (phones, spelling.words[word], after[to])
            for word, to in row.items()
            for phones in ways[word]
        ]
        _grow(graph, before[state], tree, WORD)
    graph.finals[said] = 0.0
    return graph


def _pause(graph: Graph, source: int, to: int) -> None:
    """Allow a silence, or none, between two states; silence is phone 1."""
    graph.arcs[source].append((0, 0, HALF, to))
    silent = graph.phone(source, 1, 0, HALF)
    graph.arcs[silent].append((0, 0, HALF, to))


def _grow(
    graph: Graph, root: int, ways: list[tuple[tuple[int, ...], int, int]], leave: float
) -> None:
    """Grow the tree of phones; a word is told as soon as it is the only one left.

    `ways` are (phones left, word, state after the word). Phones at the end of a word
    have names of their own, so a word never ends inside another.
    """
    branches = defaultdict(list)
    for way in ways:
        branches[way[0][0]].append(way)
    for phone, branch in branches.items():
        if len(branch) == 1:
            phones, word, after = branch[0]
            graph.arcs[root].append((2 * phone, word, leave, graph.rest(phones, after)))
            continue
        inside = graph.phone(root, phone, 0, leave)
        for phones, word, after in branch:
            if len(phones) == 1:
                graph.arcs[inside].append((0, word, HALF, after))
        longer = [(left[1:], word, after) for left, word, after in branch if left[1:]]
        _grow(graph, inside, longer, HALF)


def written(graph: Graph) -> list[bytes]:
    """Return OpenFst's binary form, once for each start (fst.cc, const-fst.h).

    Each is a constant FST of the states that its start leads to: Vosk holds it in a
    third of the memory that a growing one would take.
    """
    counts = np.array([len(arcs) for arcs in graph.arcs], np.int64)
    arcs = np.array(list(chain.from_iterable(graph.arcs)), _ARC)
    costs = np.full(len(counts), inf, np.float32)
    costs[list(graph.finals)] = list(graph.finals.values())
    forms = []
    for start in graph.starts:
        led = _led_to(start, counts, arcs)
        numbers = np.cumsum(led) - 1
        there = arcs[np.repeat(led, counts)]
        there["to"] = numbers[there["to"]]
        states = _states(counts[led], costs[led], there)
        head = _header(int(numbers[start]), len(states), len(there))
        forms.append(head + states.tobytes() + there.tobytes())
    return forms


def _led_to(start: int, counts: Counts, arcs: Arcs) -> NDArray[np.bool_]:
    """Tell of each state whether a start leads to it."""
    ends = np.cumsum(counts)
    led = np.zeros(len(counts), np.bool_)
    waiting = np.array([start])
    while len(waiting):
        led[waiting] = True
        sizes = counts[waiting]
        # Where the arcs of each begin, less those that stand before them here.
        before = ends[waiting] - np.cumsum(sizes)
        onward = arcs["to"][np.repeat(before, sizes) + np.arange(sizes.sum())]
        waiting = np.unique(onward[~led[onward]])
    return led


def _states(counts: Counts, costs: NDArray[np.float32], arcs: Arcs) -> Arcs:
    ends = np.cumsum(counts)
    states = np.zeros(len(counts), _STATE)
    states["final"] = costs
    states["first"], states["arcs"] = ends - counts, counts
    for side in ("input", "output"):
        silent = np.concatenate(([0], np.cumsum(arcs[side] == 0)))
        states[f"{side}_silent"] = silent[ends] - silent[ends - counts]
    return states


def _header(start: int, states: int, arcs: int) -> bytes:
    magic, version, flags, properties = 2125659606, 2, 0, 1  # expanded
    names = struct.pack("<i", magic) + _string("const") + _string("standard")
    form = (version, flags, properties, start, states, arcs)
    return names + struct.pack("<iiQqqq", *form)


def _string(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode()
