"""The ears of every dialogue place, made from the grammar and the model."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from voice.config import Waiting
from voice.language.automaton import Automaton, automata, awaited
from voice.language.catalog import Catalog
from voice.language.understand import sense
from voice.sound.acceptor import Acceptor, Progress, of_phrases
from voice.sound.ears import Ears
from voice.sound.endpoint import Loudness, Patience
from voice.sound.graph import prepare
from voice.sound.listening import Listening
from voice.sound.models import Model, Phones, Thresholds, pronunciations

# Phrases whose sense is remembered, at each place: the same ones come again and again.
_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class Place:
    """What is heard at one place, and how far words have come towards a sentence."""

    ears: Ears
    progress: Callable[[Sequence[str]], Progress]


@dataclass(frozen=True, slots=True)
class Hearing:
    """The ears of all places; one for all calls."""

    places: dict[str, Place]
    patience: Patience
    thresholds: Thresholds

    def listen(self, place: str, loudness: Loudness) -> Listening:
        """Begin to listen at a place of one call; `loudness` is that call's."""
        there = self.places[place]
        return Listening(there.ears, there.progress, self.patience, loudness)


def open_hearing(
    catalog: Catalog, model: Model, cache: Path, waiting: Waiting
) -> Hearing:
    """Compile or find the graph of every place, and load them."""
    spoken = _pronunciations(catalog, model)
    all_said, all_awaited = automata(catalog), awaited(catalog)

    def opened(name: str) -> Place:
        everything = _acceptor(all_said[name])
        expected = _acceptor(all_awaited[name])
        words = {word: spoken[word] for word in everything.words}
        graph = prepare(model, everything, words, cache / "graphs")
        meant = lru_cache(_REMEMBERED)(partial(sense, place=name, catalog=catalog))
        return Place(Ears(model, graph, meant), _progress(expected, everything))

    with ThreadPoolExecutor(2) as threads:
        places = dict(
            zip(catalog.places, threads.map(opened, catalog.places), strict=True)
        )
    patience = Patience(waiting.whole, waiting.extendable, waiting.incomplete)
    return Hearing(places, patience, model.thresholds)


def phrase_ears(phrases: Iterable[str], model: Model, cache: Path) -> Ears:
    """Return ears for any phrases, with the model's own pronunciations."""
    acceptor = of_phrases(phrases)
    spoken = pronunciations(model, acceptor.words)
    return Ears(model, prepare(model, acceptor, spoken, cache / "graphs"))


def _pronunciations(catalog: Catalog, model: Model) -> dict[str, tuple[Phones, ...]]:
    given = {
        word: tuple(tuple(way.split()) for way in ways)
        for word, ways in catalog.lexicon.items()
    }
    missing = catalog.words() - given.keys()
    return given | pronunciations(model, missing)


def _acceptor(drawn: Automaton) -> Acceptor:
    return Acceptor(drawn.arcs, drawn.finals)


def _progress(
    expected: Acceptor, everything: Acceptor
) -> Callable[[Sequence[str]], Progress]:
    """Measure against what is waited for; else against all that may be said."""

    def progress(words: Sequence[str]) -> Progress:
        awaited_for = expected.progress(words)
        if awaited_for is Progress.INCOMPLETE:
            return everything.progress(words)
        return awaited_for

    return progress
