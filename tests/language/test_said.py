"""What people say means what said.toml says it means, and nothing is left unsaid."""

import tomllib
from functools import cache

import pytest
from said import CATALOG, ROOT, Line, lines

from voice.dialogue.heard import Unclear
from voice.language.matching import matches
from voice.language.template import Expression, parse
from voice.language.understand import understand

LINES = lines()
SENTENCES = tomllib.loads((ROOT / "grammar/sentences.toml").read_text("utf-8"))
TEMPLATES = [
    (intent, template)
    for intent, ways in SENTENCES.items()
    for template in (*ways["say"], *ways.get("ask", ()))
]


@cache
def said_where(intent: str) -> set[tuple[str, ...]]:
    """Return the words of every line that is meant, where the intent can be said."""
    places = {name for name, p in CATALOG.places.items() if intent in p.intents}
    meant = [line for line in LINES if line.means != Unclear()]
    there = [line.text for line in meant if line.here.place in places]
    return {CATALOG.speller.words(text) for text in there}


def accepted(tree: Expression, intent: str) -> bool:
    return any(matches(tree, words, CATALOG.rules) for words in said_where(intent))


@pytest.mark.parametrize("line", LINES, ids=str)
def test_what_is_said_is_understood(line: Line) -> None:
    assert understand(line.text, line.here, CATALOG) == line.means


@pytest.mark.parametrize(("intent", "template"), TEMPLATES)
def test_every_sentence_of_the_grammar_is_said_in_a_line(
    intent: str, template: str
) -> None:
    assert accepted(parse(template), intent)


@cache
def patterns_said() -> set[tuple[str, str]]:
    """Return each slot and pattern that some line of a divert was read with."""
    tree = CATALOG.intents["set_divert"].say
    read = (matches(tree, w, CATALOG.rules) for w in said_where("set_divert"))
    waiting = [capture for ways in read for captures in ways for capture in captures]
    found: set[tuple[str, str]] = set()
    while waiting:
        capture = waiting.pop()
        waiting += capture.inner
        found.add((capture.slot, capture.pattern))
    return found


@pytest.mark.parametrize("slot", ["time", "until", "clock", "day", "span", "duration"])
def test_every_pattern_of_a_time_is_said_in_a_line(slot: str) -> None:
    said = {pattern for name, pattern in patterns_said() if name == slot}
    assert said == CATALOG.rules.slots[slot].keys()


@pytest.mark.parametrize("place", CATALOG.places)
def test_every_intent_of_a_place_is_said_there(place: str) -> None:
    here = {line.text for line in LINES if line.here.place == place}
    said = [CATALOG.speller.words(text) for text in here]
    for intent in CATALOG.places[place].intents:
        tree = CATALOG.intents[intent].say
        assert any(matches(tree, words, CATALOG.rules) for words in said), intent


def test_a_doubtful_hearing_makes_no_line_sure() -> None:
    for line in LINES[::9]:
        heard = understand(line.text, line.here, CATALOG, sure=False)
        assert not getattr(heard, "sure", False), line


def test_no_word_of_the_grammar_is_spelled_otherwise() -> None:
    respelled = {w for w in CATALOG.words() if CATALOG.speller.words(w) != (w,)}
    assert respelled == set()
