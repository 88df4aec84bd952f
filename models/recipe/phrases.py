"""What the synthetic voices say: sentences of the grammar and words of the lexicon."""

import gzip
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voice.language.catalog import Catalog
from voice.language.files import FILES, load
from voice.language.template import Chain, Choice, Expression, Rule, Slot, Word

Phones = tuple[str, ...]
Phrase = tuple[tuple[str, Phones], ...]  # each word, and the way it is said

# Below each: a sentence, a short sentence, words least said; above: the big lexicon's.
SENTENCES, SHORT, LEAST_SAID = 0.3, 0.55, 0.7
HESITATING = 0.06  # before or between words
HESITATIONS = ("eh", "öh", "ehm", "hm", "äh")
OFTEN = ("set_divert", "set_back", "give_time", "change_divert", "clear_divert")


@dataclass(slots=True)
class Author:
    """Invents phrases; what has been said least is said first among single words."""

    catalog: Catalog
    lexicon: Mapping[str, tuple[Phones, ...]]
    said: Counter[str] = field(default_factory=Counter)
    heard: list[str] = field(init=False)
    plain: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """List the words of the grammar, and those of the lexicon worth saying."""
        self.heard = sorted(self.catalog.words())
        self.plain = [w for w in self.lexicon if 1 < len(w) < 15 and w.isalpha()]

    def phrase(self, chance: random.Random) -> Phrase:
        """Return a phrase: of the grammar more often than of the big lexicon."""
        kind = chance.random()
        if kind < SENTENCES:
            words = self._sentence(chance)
        elif kind < SHORT:
            words = self._short(chance)
        elif kind < LEAST_SAID:
            words = self._least_said(chance)
        else:
            words = self._any_words(chance)
        self.said.update(words)
        if chance.random() < HESITATING:
            words.insert(chance.randrange(len(words)), chance.choice(HESITATIONS))
        return tuple((word, chance.choice(self._ways(word))) for word in words)

    def _ways(self, word: str) -> tuple[Phones, ...]:
        own = self.catalog.lexicon.get(word)
        if own:
            return tuple(tuple(way.split()) for way in own)
        return self.lexicon[word]

    def _sentence(self, chance: random.Random) -> list[str]:
        names = [*self.catalog.intents, *OFTEN, *OFTEN]
        meant = self.catalog.intents[chance.choice(names)]
        tree = meant.ask if meant.ask and chance.random() < 0.3 else meant.say
        words = list(self._walk(tree, chance))
        return words[:9] if words else self._least_said(chance)

    def _short(self, chance: random.Random) -> list[str]:
        meant = self.catalog.intents[chance.choice(list(self.catalog.intents))]
        tries = (list(self._walk(meant.say, chance)) for _ in range(8))
        return min(filter(None, tries), key=len, default=["ja"])[:4]

    def _least_said(self, chance: random.Random) -> list[str]:
        fewest = min(self.said[word] for word in self.heard)
        words = [word for word in self.heard if self.said[word] <= fewest + 1]
        return chance.sample(words, min(len(words), chance.choice((1, 1, 2, 3))))

    def _any_words(self, chance: random.Random) -> list[str]:
        return chance.choices(self.plain, k=chance.choice((1, 1, 2, 3, 4, 5)))

    def _walk(self, tree: Expression, chance: random.Random) -> Iterator[str]:
        rules = self.catalog.rules
        match tree:
            case Word(text):
                yield text
            case Chain(parts):
                for part in parts:
                    yield from self._walk(part, chance)
            case Choice(ways):
                yield from self._walk(chance.choice(ways), chance)
            case Rule(name):
                yield from self._walk(rules.shared[name], chance)
            case Slot(name) if not rules.slots[name]:
                # A directory fills it: people are called anything.
                yield chance.choice(self.plain)
            case Slot(name):
                patterns = list(rules.slots[name].values())
                yield from self._walk(chance.choice(patterns), chance)


def read_author(grammar: Path, model: Path) -> Author:
    """Read the grammar's files, and the lexicon of a model folder."""
    catalog = load({name: (grammar / name).read_text("utf-8") for name in FILES})
    return Author(catalog, read_lexicon(model / "lexicon.txt.gz"))


def read_lexicon(path: Path) -> dict[str, tuple[Phones, ...]]:
    """Read every word's ways to be said."""
    ways: dict[str, list[Phones]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            word, *phones = line.split()
            ways.setdefault(word, []).append(tuple(phones))
    return {word: tuple(spoken) for word, spoken in ways.items()}
