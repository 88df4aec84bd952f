"""Names of people and units -> the ways to say them, and who is meant by each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TypeAlias

from voice.dialogue.people import Person, spoken
from voice.language.catalog import NAME, WHOSE, Catalog
from voice.language.spelling import Speller
from voice.language.template import Chain, Choice, Expression, Rules, Slot, Word
from voice.language.template import names as parts

Names: TypeAlias = Mapping[str, tuple[Person, ...]]
"""Everything that somebody is called, and everybody who is called so."""

# They belong to the surname after them.
_PARTICLES = ("af", "al", "da", "de", "den", "der", "el", "la", "le", "van", "von")
_MOST_PARTS = 6
# After these a name is its own genitive.
_HISSING = ("s", "x", "z")


@dataclass(frozen=True, slots=True)
class Sounds:
    """How the words of names are said, as far as that is known."""

    ways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the lexicon is to say of them besides what it says already."""
    alike: Mapping[str, str] = field(default_factory=dict)
    """Words that sound like another, and that other: "micael" like "mikael"."""
    silent: frozenset[str] = frozenset()
    """Words that nobody knows how to say: names with them cannot be heard."""


UNSPOKEN = Sounds()


def names(persons: Iterable[Person], speller: Speller) -> Names:
    """Return what these people can be called."""
    found: dict[str, list[Person]] = defaultdict(list)
    for person in sorted(persons, key=lambda one: (one.name, one.extension)):
        for name in called(person, speller):
            found[name].append(person)
    return {name: tuple(those) for name, those in sorted(found.items())}


def words(called_so: Iterable[str]) -> frozenset[str]:
    """Return every word of some names, also as they stand before what is owned."""
    ways = [way for name in called_so for way in (name, genitive(name))]
    return frozenset(word for way in ways for word in way.split())


def with_names(catalog: Catalog, known: Names, sounds: Sounds = UNSPOKEN) -> Catalog:
    """Return the catalog in which these names can be said, and no others.

    Names that sound alike are one name, of all who are called by any of them.
    """
    heard: dict[str, tuple[Person, ...]] = {}
    owned: dict[str, list[str]] = defaultdict(list)
    for name, persons in known.items():
        if sounds.silent.isdisjoint(words([name])):
            spoken = _respelled(name, sounds.alike)
            both = (*heard.get(spoken, ()), *persons)
            heard[spoken] = tuple(dict.fromkeys(both))
            owned[spoken].append(_respelled(genitive(name), sounds.alike))
    slots: dict[str, Mapping[str, Expression]] = {
        NAME: {name: _way(name) for name in heard},
        WHOSE: {n: Choice(tuple(map(_way, ways))) for n, ways in owned.items()},
    }
    rules = Rules(catalog.rules.shared, {**catalog.rules.slots, **slots})
    return replace(
        catalog,
        names=heard,
        rules=rules,
        speller=catalog.speller.knowing(sounds.alike),
        lexicon={**catalog.lexicon, **sounds.ways},
    )


def with_people(catalog: Catalog, persons: Sequence[Person]) -> Catalog:
    """Return the catalog in which these people can be named, for reading words."""
    return with_names(catalog, names(persons, catalog.speller)) if persons else catalog


def named_places(catalog: Catalog) -> Catalog:
    """Return the catalog of only those places where somebody can be named."""
    naming = {
        intent
        for intent, sentences in catalog.intents.items()
        for tree in (sentences.say, sentences.ask)
        if tree and _names_somebody(tree, catalog.rules)
    }
    places = {
        name: place
        for name, place in catalog.places.items()
        if place.listens and not naming.isdisjoint(place.intents)
    }
    said = {intent for place in places.values() for intent in place.intents}
    intents = {i: each for i, each in catalog.intents.items() if i in said}
    return replace(catalog, places=places, intents=intents)


def _names_somebody(tree: Expression, rules: Rules) -> bool:
    return any(
        part.name in (NAME, WHOSE)
        if isinstance(part, Slot)
        else _names_somebody(rules.shared[part.name], rules)
        for part in parts(tree)
    )


def alike(
    ways: Mapping[str, Sequence[object]], grammar: frozenset[str]
) -> dict[str, str]:
    """Say which words sound like another; a word of the grammar is never respelled.

    `ways` are the pronunciations of each word; any that two share makes them alike.
    """
    chosen: dict[str, str] = {}
    first: dict[object, str] = {}
    # Those of the grammar come first, and what is like them is spelled as they are.
    for word in sorted(ways, key=lambda one: (one not in grammar, one)):
        same = [first[way] for way in ways[word] if way in first]
        if same and word not in grammar:
            chosen[word] = same[0]
        for way in ways[word]:
            first.setdefault(way, chosen.get(word, word))
    return chosen


def called(person: Person, speller: Speller) -> frozenset[str]:
    """Return everything that somebody can be called, in the grammar's words.

    First name, last name and both; what else they are called, alone and with the last
    name; and the name of their unit, by which all who belong to it are called.
    """
    named = [_ways(part, speller) for part in _parts(person.name)]
    found = set(_together(named))
    for search in person.search:
        ways = _ways(search, speller)
        found |= ways
        if len(named) > 1 and len(search.split()) == 1:
            found |= set(_joined([ways, named[-1]]))
    return frozenset((found | {_plain(person.unit, speller)}) - {""})


def genitive(name: str) -> str:
    """Return how a name stands before what is owned: "annas", "hans"."""
    return name if name.endswith(_HISSING) else f"{name}s"


def _parts(name: str) -> list[str]:
    """Take a name apart, the surname last and whole."""
    parts = spoken(name).replace(",", " ").split()
    if len(parts) > _MOST_PARTS:
        # Each part can double the ways to say the whole.
        parts = [*parts[: _MOST_PARTS - 1], parts[-1]]
    begins = len(parts) - 1
    while begins > 1 and parts[begins - 1].lower() in _PARTICLES:
        begins -= 1
    return parts if begins < 1 else [*parts[:begins], " ".join(parts[begins:])]


def _together(parts: Sequence[frozenset[str]]) -> Iterator[str]:
    """Yield the first parts of a name, its last ones, and the first with the last."""
    for count in range(1, len(parts) + 1):
        yield from _joined(parts[:count])
    for count in range(1, min(3, len(parts))):
        yield from _joined(parts[-count:])
    if len(parts) > 2:
        yield from _joined([parts[0], parts[-1]])


def _joined(parts: Sequence[frozenset[str]]) -> Iterator[str]:
    return (" ".join(ways) for ways in product(*parts))


def _ways(part: str, speller: Speller) -> frozenset[str]:
    """Return a part of a name; of a double name also its first half."""
    first_half = part.partition("-")[0]
    return frozenset((_plain(part, speller), _plain(first_half, speller))) - {""}


def _plain(text: str, speller: Speller) -> str:
    spoken = speller.plain_words(text.replace("-", " "))
    return " ".join(word for word in spoken if word.isalpha())


def _respelled(name: str, alike: Mapping[str, str]) -> str:
    return " ".join(alike.get(word, word) for word in name.split())


def _way(name: str) -> Expression:
    spoken = tuple(Word(word) for word in name.split())
    return spoken[0] if len(spoken) == 1 else Chain(spoken)
