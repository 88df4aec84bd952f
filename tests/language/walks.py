"""Walks through what can be said at a place, as the ear could hear them."""

from collections import defaultdict, deque
from collections.abc import Sequence
from functools import cache

from hypothesis import strategies as st
from said import CATALOG

from voice.language.automaton import Automaton, automaton

Arcs = dict[int, list[tuple[int, str]]]


@cache
def drawn(place: str) -> tuple[Automaton, Arcs, dict[int, int]]:
    """Return an automaton, its arcs by state, and how far each is from its end."""
    made = automaton(CATALOG)
    arcs: Arcs = defaultdict(list)
    into: dict[int, list[int]] = defaultdict(list)
    for source, target, word in made.arcs:
        arcs[source].append((target, word))
        into[target].append(source)
    left = dict.fromkeys(made.finals, 0)
    waiting = deque(made.finals)
    while waiting:
        state = waiting.popleft()
        for before in into[state]:
            if before not in left:
                left[before] = left[state] + 1
                waiting.append(before)
    return made, arcs, left


@st.composite
def walks(draw: st.DrawFn, place: str) -> tuple[str, ...]:
    """Draw what can be said at a place, wandering a while before it ends."""
    made, arcs, left = drawn(place)
    state, said, wander = made.starts[place], [], draw(st.integers(0, 12))
    while state not in made.finals or (wander and arcs[state] and not said):
        ways = arcs[state]
        if wander <= 0:
            nearest = min(left[target] for target, _ in ways)
            ways = [way for way in ways if left[way[0]] == nearest]
        state, word = draw(st.sampled_from(ways))
        wander -= 1
        said += [word] if word else []
    return tuple(said)


def accepted(place: str, said: Sequence[str]) -> bool:
    """Tell whether the ear could hear this at a place."""
    made, _, _ = drawn(place)
    states = _silently(place, made.starts[place])
    for word in said:
        reached = {target for state in states for target in _over(place, state, word)}
        states = frozenset().union(*(_silently(place, state) for state in reached))
    return bool(states & made.finals)


@cache
def _over(place: str, state: int, word: str) -> frozenset[int]:
    return frozenset(target for target, over in drawn(place)[1][state] if over == word)


@cache
def _silently(place: str, state: int) -> frozenset[int]:
    silent = _over(place, state, "")
    return frozenset((state,)).union(*(_silently(place, each) for each in silent))
