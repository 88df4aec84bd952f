"""What must hold between the grammar files, beyond each being readable."""

from collections.abc import Iterator, Mapping

from voice.language.catalog import Catalog
from voice.language.faults import Faults
from voice.language.matching import matches
from voice.language.needs import check_prompts
from voice.language.patterns import check_patterns
from voice.language.template import Expression, Rule, Slot, can_be_empty, names
from voice.language.understand import INTENTS


def check(catalog: Catalog, faults: Faults) -> None:
    """Note names without meaning, rings of rules, prompts that cannot be spoken."""
    _check_names(catalog, faults)
    _check_rings(catalog, faults)
    _check_intents(catalog, faults)
    _check_parts(catalog, faults)
    check_patterns(catalog.rules, faults)
    check_prompts(catalog.prompts, faults)


def check_sentences(catalog: Catalog, faults: Faults) -> None:
    """Note empty sentences and keys that say nothing; only after `check` is passed."""
    for intent, sentences in catalog.intents.items():
        for tree in (sentences.say, sentences.ask):
            if tree and can_be_empty(tree, catalog.rules):
                faults.add("sentences.toml", f"[{intent}]", f"{intent} can be empty")
    for name, place in catalog.places.items():
        for key, sentence in place.keys.items():
            said = catalog.speller.words(sentence)
            # The plain sentences stand last, and are the quickest to try.
            trees = _sayable(catalog, place.intents[::-1])
            if not any(matches(tree, said, catalog.rules) for tree in trees):
                what = f'{name}: key {key}: "{sentence}" cannot be said there'
                faults.add("places.toml", f'"{sentence}"', what)


def _sayable(catalog: Catalog, intents: tuple[str, ...]) -> Iterator[Expression]:
    for intent in intents:
        sentences = catalog.intents[intent]
        yield from (tree for tree in (sentences.say, sentences.ask) if tree)


def _check_intents(catalog: Catalog, faults: Faults) -> None:
    for intent in catalog.intents:
        if intent not in INTENTS:
            faults.add("sentences.toml", f"[{intent}]", f"{intent} has no meaning")
    for name, place in catalog.places.items():
        for intent in place.intents:
            if intent not in catalog.intents:
                faults.add("places.toml", intent, f"{name}: there is no {intent}")
        if set(place.keys) == set():
            faults.add("places.toml", f"[{name}]", f"{name} has no keys")
        for key in place.keys:
            if not key or set(key) - set("0123456789*#"):
                faults.add("places.toml", key, f"{name}: {key} is no key")


def _check_parts(catalog: Catalog, faults: Faults) -> None:
    for part in catalog.rules.slots.get("daypart", {}):
        for table, known in (
            ("dayparts", catalog.parts.hours),
            ("part_begins", catalog.parts.begins),
        ):
            if part not in known:
                faults.add("times.toml", f"[{table}]", f"[{table}] has no {part}")


def _check_names(catalog: Catalog, faults: Faults) -> None:
    for file, trees in _trees(catalog).items():
        for name in dict.fromkeys(n for tree in trees for n in names(tree)):
            is_rule = isinstance(name, Rule)
            known = catalog.rules.shared if is_rule else catalog.rules.slots
            if name.name not in known:
                written = f"<{name.name}>" if is_rule else f"{{{name.name}}}"
                faults.add(file, written, f"{written} is not defined")


def _trees(catalog: Catalog) -> Mapping[str, list[Expression]]:
    return {
        "words.toml": list(catalog.rules.shared.values()),
        "times.toml": [
            way for ways in catalog.rules.slots.values() for way in ways.values()
        ],
        "sentences.toml": [
            tree for s in catalog.intents.values() for tree in (s.say, s.ask) if tree
        ],
    }


def _check_rings(catalog: Catalog, faults: Faults) -> None:
    """A rule inside itself has no end, and no graph has room for it."""
    inside: dict[Rule | Slot, set[Rule | Slot]] = {
        Rule(name): set(names(tree)) for name, tree in catalog.rules.shared.items()
    }
    for slot, ways in catalog.rules.slots.items():
        inside[Slot(slot)] = {n for way in ways.values() for n in names(way)}
    for uses in inside.values():
        uses.intersection_update(inside)
    while ends := [name for name, uses in inside.items() if not uses]:
        for end in ends:
            del inside[end]
        for uses in inside.values():
            uses.difference_update(ends)
    # What merely leads into a ring is no part of it.
    while outside := inside.keys() - {n for uses in inside.values() for n in uses}:
        for name in outside:
            del inside[name]
    for name in inside:
        file = "words.toml" if isinstance(name, Rule) else "times.toml"
        faults.add(file, name.name, f"{name.name} contains itself")
