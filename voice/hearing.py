"""The ears of every dialogue place, made from the grammar and the model."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from pathlib import Path

from voice.config import Waiting
from voice.language.automaton import Automaton, automaton, awaited
from voice.language.catalog import Catalog
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
from voice.sound.pronounce import by_rule

# Phrases whose sense is remembered, at each place: the same ones come again and again.
_REMEMBERED = 2048


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


def open_hearing(
    catalog: Catalog, model: Model, cache: Path, waiting: Waiting
) -> Hearing:
    """Compile or find the graphs of all places, and load them."""
    # Where the same can be said, the same ears hear it: each costs memory.
    alike = {p.intents: name for name, p in catalog.places.items() if p.listens}
    everything = _acceptor(automaton(catalog), alike.values())
    expected = _acceptor(awaited(catalog), alike.values())
    spoken = pronunciations(model, everything.words, _own(catalog))
    graphs = prepare(model, everything, spoken, cache / "graphs")

    def opened(place: int, name: str) -> Place:
        meant = lru_cache(_REMEMBERED)(partial(sense, place=name, catalog=catalog))
        ears = Ears(model, graphs[place], meant)
        return Place(ears, _progress(expected, everything, place))

    with ThreadPoolExecutor(2) as threads:
        places = threads.map(opened, count(), alike.values())
        by_intents = dict(zip(alike, places, strict=True))
    by_name = {
        name: by_intents[place.intents]
        for name, place in catalog.places.items()
        if place.listens
    }
    patience = Patience(waiting.whole, waiting.extendable, waiting.incomplete)
    return Hearing(by_name, patience, model.thresholds)


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
