"""What must hold between the grammar files, beyond each being readable."""

from collections.abc import Mapping

from voice.language.catalog import Catalog
from voice.language.faults import Faults
from voice.language.template import Expression, Rule, Slot, can_be_empty, names


def check(catalog: Catalog, faults: Faults) -> None:
    """Raise GrammarError for names without meaning, rings of rules, empty sentences."""
    _check_names(catalog, faults)
    faults.settle()
    _check_rings(catalog, faults)
    faults.settle()
    for intent, sentences in catalog.intents.items():
        for tree in (sentences.say, sentences.ask):
            if tree and can_be_empty(tree, catalog.rules):
                faults.add("sentences.toml", f"[{intent}]", f"{intent} can be empty")
    for name, place in catalog.places.items():
        for intent in place.intents:
            if intent not in catalog.intents:
                faults.add("places.toml", intent, f"{name}: there is no {intent}")
    faults.settle()


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
    while ends := [name for name, uses in inside.items() if not uses]:
        for end in ends:
            del inside[end]
        for uses in inside.values():
            uses.difference_update(ends)
    for name in inside:
        file = "words.toml" if isinstance(name, Rule) else "times.toml"
        faults.add(file, name.name, f"{name.name} contains itself")
