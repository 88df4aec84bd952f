"""What can be said at each place, as one automaton over words, for the ear."""

from collections.abc import Mapping
from dataclasses import dataclass

from voice.language.catalog import Catalog
from voice.language.template import Chain, Choice, Expression, Rule, Rules, Slot, Word

Arc = tuple[int, int, str]
_Ways = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Automaton:
    """Arcs from state to state over a word, or over "" for none.

    Each place of the dialogue starts in its own state; what places have in common
    they share.
    """

    arcs: tuple[Arc, ...]
    finals: frozenset[int]
    starts: Mapping[str, int]


def automaton(catalog: Catalog) -> Automaton:
    """Return the automaton of everything that can be said.

    Words that mean nothing are accepted before and after the sentence, and
    hesitations besides before each of its slots.
    """
    drawer = _Drawer(catalog.rules)
    end, begins = _sentences(catalog, drawer)
    hesitations = tuple((word,) for word in sorted(catalog.ignored.hesitations))
    drawer.loop(end, catalog.ignored.after + hesitations)
    for begin in sorted(set(begins.values())):
        drawer.loop(begin, catalog.ignored.before + hesitations)
    for state in sorted(drawer.before_slots - {end, *begins.values()}):
        drawer.loop(state, hesitations)
    return drawer.drawn(begins, end)


def awaited(catalog: Catalog) -> Automaton:
    """Return the automaton of what is waited for: nothing `[~rare]`, nothing ignored.

    A sentence that nothing here can extend is over as soon as it has been said.
    """
    drawer = _Drawer(catalog.rules, rare=False)
    end, begins = _sentences(catalog, drawer)
    return drawer.drawn(begins, end)


def _sentences(catalog: Catalog, drawer: "_Drawer") -> tuple[int, dict[str, int]]:
    """Draw all places into one picture, so that they share what they have alike."""
    end = drawer.state(())
    drawn = {
        name: [drawer.sentence(tree, end) for tree in (s.say, s.ask) if tree]
        for name, s in catalog.intents.items()
    }
    begins: dict[str, int] = {}
    for place, there in catalog.places.items():
        if not there.listens:
            continue
        ways = {w for name in there.intents for one in drawn[name] for w in one}
        begins[place] = drawer.state(tuple(sorted(ways)))
    return end, begins


class _Drawer:
    """Draws expressions from their ends: what goes on alike is one state.

    Drawing the other way round would copy every slot once for each sentence that it
    stands in, and millions of arcs would have to be merged again.
    """

    def __init__(self, rules: Rules, rare: bool = True) -> None:
        self._rules, self._rare = rules, rare
        self._states: dict[_Ways, int] = {}
        self._loops: list[Arc] = []
        self._loop_states = 0
        self._named: dict[tuple[Rule | Slot, int], _Ways] = {}
        self.before_slots: set[int] = set()

    def state(self, ways: _Ways) -> int:
        """Return the state that has just these ways out."""
        if len(ways) == 1 and ways[0][0] == "":
            return ways[0][1]
        return self._states.setdefault(ways, len(self._states))

    def sentence(self, tree: Expression, end: int) -> _Ways:
        """Draw a tree, and note where its slots begin."""
        return self._ways(tree, end, hesitant=True)

    def _ways(self, tree: Expression, end: int, hesitant: bool = False) -> _Ways:
        match tree:
            case Word(text):
                return ((text, end),)
            case Chain(parts):
                return self._in_turn(parts, end, hesitant)
            case Choice(_, rare) if rare and not self._rare:
                return (("", end),)
            case Choice(ways):
                drawn = [w for way in ways for w in self._ways(way, end, hesitant)]
                return tuple(sorted(set(drawn)))
            case Rule() | Slot():
                if (tree, end) not in self._named:
                    self._named[tree, end] = self._inside(tree, end)
                return self._named[tree, end]

    def _in_turn(
        self, parts: tuple[Expression, ...], end: int, hesitant: bool
    ) -> _Ways:
        ways: _Ways = (("", end),)
        for part in reversed(parts):
            end = self.state(ways)
            ways = self._ways(part, end, hesitant)
            if not ways:  # a slot that nothing fills, and no way past it
                return ()
            if hesitant and isinstance(part, Slot):
                self.before_slots.add(self.state(ways))
        return ways

    def _inside(self, tree: Rule | Slot, end: int) -> _Ways:
        if isinstance(tree, Rule):
            return self._ways(self._rules.shared[tree.name], end)
        ways = self._rules.slots[tree.name].values()
        return self._ways(Choice(tuple(ways)), end)

    def loop(self, state: int, phrases: tuple[tuple[str, ...], ...]) -> None:
        """Let phrases be said any number of times where the call is in a state."""
        for *words, last in phrases:
            at = state
            for word in words:
                self._loop_states += 1
                self._loops.append((at, -self._loop_states, word))
                at = -self._loop_states
            self._loops.append((at, state, last))

    def drawn(self, begins: Mapping[str, int], end: int) -> Automaton:
        """Return everything drawn, with where each place begins."""
        arcs = [(s, to, word) for ways, s in self._states.items() for word, to in ways]
        arcs += self._loops
        states = dict.fromkeys(state for arc in arcs for state in arc[:2])
        numbers = {state: number for number, state in enumerate((end, *states))}
        return Automaton(
            tuple((numbers[s], numbers[to], word) for s, to, word in arcs),
            frozenset((numbers[end],)),
            {place: numbers[state] for place, state in begins.items()},
        )
