"""What can be said and keyed at each place, as a table that people read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from voice.language.catalog import Catalog, Told
from voice.language.faults import Faults, Table, tables
from voice.language.matching import matches

_FILE = "told.toml"
# The slots that only a directory fills: their examples are said of somebody.
_NAMED = ("{name}",)


@dataclass(frozen=True, slots=True)
class Row:
    """What can be said at a place, and the keys that do the same."""

    place: str
    intent: str
    example: str
    keys: tuple[str, ...]


def read_told(table: Table, faults: Faults) -> Mapping[str, Told]:
    """Read how each intent is told of."""
    told: dict[str, Told] = {}
    for intent, entry in tables(table).items():
        example, keys = entry.get("example"), entry.get("keys", "")
        if not isinstance(example, str) or not isinstance(keys, str):
            faults.add(_FILE, f"[{intent}]", f"{intent}: example and keys are texts")
            continue
        at = entry.get("at")
        places = at if isinstance(at, dict) else {}
        told[intent] = Told(example, keys, {k: str(v) for k, v in places.items()})
    return told


def rows(catalog: Catalog) -> Iterator[Row]:
    """Yield everything that can be said, place by place."""
    for place, there in catalog.places.items():
        own = keyed(place, catalog)
        for intent in there.intents:
            told = catalog.told[intent]
            others = told.at.get(place, told.keys)
            keys = own.get(intent) or tuple(filter(None, (others,)))
            yield Row(place, intent, told.example, keys)


def keyed(place: str, catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the place's own keys, by the intent that each says."""
    there = catalog.places[place]
    found: dict[str, tuple[str, ...]] = {}
    for key, sentence in there.keys.items():
        said = catalog.speller.words(sentence)
        intent = next((i for i in there.intents if _says(said, i, catalog)), None)
        if intent is not None:
            found[intent] = (*found.get(intent, ()), key)
    return found


def check_told(catalog: Catalog, faults: Faults) -> None:
    """Note what nobody is told of, and what can be said at a place but not keyed."""
    for intent in catalog.told.keys() - catalog.intents.keys():
        faults.add(_FILE, f"[{intent}]", f"there is no {intent}: take it away")
    for intent in catalog.intents:
        told = catalog.told.get(intent)
        if told is None:
            faults.add(_FILE, "", f"{intent} is missing: write an example of it")
        elif not any(name in told.example for name in _NAMED):
            said = catalog.speller.words(told.example)
            if not _says(said, intent, catalog):
                what = f'{intent}: "{told.example}" is no example of it'
                faults.add(_FILE, f"[{intent}]", what)
    for place, there in catalog.places.items():
        own = keyed(place, catalog)
        for intent in there.intents:
            told = catalog.told.get(intent)
            # EN 301 549 §6.4: whatever can be spoken can be done without a voice.
            if intent not in own and told is not None and not told.keys:
                what = f"{place}: nothing can be keyed for {intent}"
                faults.add(_FILE, f"[{intent}]", what)


def _says(said: tuple[str, ...], intent: str, catalog: Catalog) -> bool:
    sentences = catalog.intents[intent]
    trees = (tree for tree in (sentences.say, sentences.ask) if tree)
    return any(matches(tree, said, catalog.rules) for tree in trees)
