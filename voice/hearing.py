"""The ears of every dialogue place, made from the grammar and the model."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from pathlib import Path

from voice.config import Waiting
from voice.language.automaton import Automaton, automaton, awaited
from voice.language.catalog import Catalog
from voice.language.names import Names, Sounds, alike, words
from voice.language.understand import sense
from voice.sound.acceptor import Acceptor, Progress, of_phrases
from voice.sound.ears import Ears
from voice.sound.endpoint import Loudness, Patience
from voice.sound.graph import prepare
from voice.sound.listening import Listening, Measure
from voice.sound.models import (
    Model,
    Phones,
    Thresholds,
    pronunciations,
    unknown_words,
)
from voice.sound.pronounce import by_rule, by_rule_where_known

# Phrases whose sense is remembered, at each place: the same ones come again and again.
_REMEMBERED = 2048
# Long vowels, and the short ones that are nearest to them.
_SHORT = {
    **{"ɑː": "a", "eː": "ɛ", "ɛː": "ɛ", "iː": "ɪ", "oː": "ɔ"},
    **{"uː": "ʊ", "yː": "ʏ", "øː": "œ", "ʉː": "ɵ"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """What is heard at one place, and how far words have come towards a sentence."""

    ears: Ears
    progress: Measure


@dataclass(frozen=True, slots=True)
class Hearing:
    """The ears of all places; one for all calls."""

    places: dict[str, Place]
    """By name; places where nothing is listened to are not among them."""
    patience: Patience
    thresholds: Thresholds

    def listen(self, place: str, loudness: Loudness) -> Listening:
        """Begin to listen at a place of one call; `loudness` is that call's."""
        there = self.places[place]
        return Listening(there.ears, there.progress, self.patience, loudness)


@dataclass(frozen=True, slots=True)
class Sayable:
    """What can be said at some places, and how its words are pronounced."""

    catalog: Catalog
    everything: Acceptor
    expected: Acceptor
    spoken: dict[str, tuple[Phones, ...]]

    @property
    def places(self) -> dict[tuple[str, ...], str]:
        """One place for each set of intents, by its name.

        Where the same can be said, the same ears hear it: each costs memory.
        """
        return _listening(self.catalog)


def open_hearing(
    catalog: Catalog, model: Model, cache: Path, waiting: Waiting
) -> Hearing:
    """Compile or find the graphs of all places, and load them."""
    said = sayable(catalog, model)
    places = open_places(said, model, compiling(said, model, cache)())
    patience = Patience(waiting.whole, waiting.extendable, waiting.incomplete)
    return Hearing(places, patience, model.thresholds)


def sayable(catalog: Catalog, model: Model) -> Sayable:
    """Return what can be said at the places of a catalog."""
    starts = _listening(catalog).values()
    everything = _acceptor(automaton(catalog), starts)
    expected = _acceptor(awaited(catalog), starts)
    spoken = pronunciations(model, everything.words, _own(catalog))
    return Sayable(catalog, everything, expected, spoken)


def compiling(said: Sayable, model: Model, cache: Path) -> Callable[[], list[Path]]:
    """Return what compiles the graphs, or finds them; any process can do it."""
    # Not with the catalog, whose memory is no use to another process.
    return partial(prepare, model, said.everything, said.spoken, cache / "graphs")


def open_places(
    said: Sayable, model: Model, graphs: Sequence[Path]
) -> dict[str, Place]:
    """Load the graphs that were compiled of what can be said."""

    def opened(place: int, name: str) -> Place:
        meant = partial(sense, place=name, catalog=said.catalog)
        ears = Ears(model, graphs[place], lru_cache(_REMEMBERED)(meant))
        return Place(ears, _progress(said.expected, said.everything, place))

    places = said.places
    with ThreadPoolExecutor(2) as threads:
        each = threads.map(opened, count(), places.values())
        by_intents = dict(zip(places, each, strict=True))
    return {
        name: by_intents[place.intents]
        for name, place in said.catalog.places.items()
        if place.listens
    }


def name_sounds(known: Names, catalog: Catalog, model: Model) -> Sounds:
    """Say how names sound: as the grammar and the model say it, else by rule."""
    own, spelled, grammar = _own(catalog), words(known), catalog.words()
    ruled = by_rule_where_known(unknown_words(model, spelled, own), model.phones)
    own |= {word: (way,) for word, way in ruled.items()}
    silent = frozenset(unknown_words(model, spelled, own))
    spoken = pronunciations(model, spelled - silent | grammar, own)
    # Names are told from the words of the grammar, and not one from another, by the
    # length of their vowels: people differ in that, and so does the telephone.
    keys = {
        word: ways if word in grammar else (*ways, *map(_shortened, ways))
        for word, ways in spoken.items()
    }
    same = alike(keys, grammar)
    ways: dict[str, dict[str, None]] = {}
    for word in spelled - silent:
        said = same.get(word, word)
        if said not in grammar:
            each = dict.fromkeys(" ".join(way) for way in spoken[word])
            ways[said] = ways.get(said, {}) | each
    return Sounds({word: tuple(each) for word, each in ways.items()}, same, silent)


def _shortened(way: Phones) -> tuple[str, Phones]:
    return "shortened", tuple(_SHORT.get(phone, phone) for phone in way)


def phrase_ears(
    phrases: Iterable[str], catalog: Catalog, model: Model, cache: Path
) -> Ears:
    """Return ears for any phrases, pronounced as the grammar says, else the model.

    What neither of them knows is pronounced by rule.
    """
    acceptor = of_phrases(phrases)
    own = _own(catalog)
    ruled = by_rule(unknown_words(model, acceptor.words, own), model.phones)
    own |= {word: (way,) for word, way in ruled.items()}
    spoken = pronunciations(model, acceptor.words, own)
    return Ears(model, prepare(model, acceptor, spoken, cache / "graphs")[0])


def words_by_rule(phrases: Iterable[str], catalog: Catalog, model: Model) -> list[str]:
    """List the words of the phrases that `phrase_ears` pronounces by rule."""
    return unknown_words(model, of_phrases(phrases).words, _own(catalog))


def _listening(catalog: Catalog) -> dict[tuple[str, ...], str]:
    return {p.intents: name for name, p in catalog.places.items() if p.listens}


def _own(catalog: Catalog) -> dict[str, tuple[Phones, ...]]:
    return {
        word: tuple(tuple(way.split()) for way in ways)
        for word, ways in catalog.lexicon.items()
    }


def _acceptor(drawn: Automaton, places: Iterable[str]) -> Acceptor:
    starts = tuple(drawn.starts[place] for place in places)
    return Acceptor(drawn.arcs, drawn.finals, starts)


def _progress(expected: Acceptor, everything: Acceptor, place: int) -> Measure:
    """Measure against what is waited for; else against all that may be said."""

    def progress(words: Sequence[str]) -> Progress:
        awaited_for = expected.progress(words, place)
        if awaited_for is Progress.INCOMPLETE:
            return everything.progress(words, place)
        return awaited_for

    return progress
