"""The words of reasons: what can be spoken of them, and what means nothing else."""

import re
from collections.abc import Iterator, Sequence

from voice.divert.model import ReasonCode
from voice.language.catalog import Catalog
from voice.language.faults import Faults
from voice.language.matching import matches
from voice.language.phrases import count_ways, phrases
from voice.language.template import Captures, Expression

_FILE = "reasons.toml"
_SLOT = "reason"
# Each is looked for in all that can be said: more would take a minute, and nobody says
# so many.
_MOST_WAYS = 500
# What a voice can say, and what a page and another program can show on one line.
_SPOKEN = re.compile(r"(?! )[\w ,.’'/()–-]{1,60}(?<! )")


def is_spoken(text: str) -> bool:
    """Tell whether a wording can be said and shown as it stands."""
    return _SPOKEN.fullmatch(text) is not None


def check_reason_words(catalog: Catalog, faults: Faults) -> None:
    """Note words of reasons that mean something else too: nobody could say that.

    Only after all else is passed.
    """
    for code, tree in catalog.rules.slots[_SLOT].items():
        if count_ways(tree, catalog.rules) > _MOST_WAYS:
            what = f"{code}: it is said in more than {_MOST_WAYS} ways: choose fewer"
            faults.add(_FILE, code, what)
            continue
        for words, intent in means_otherwise(ReasonCode(code), tree, catalog):
            what = f'{code}: "{words}" is said for {intent}: choose other words'
            faults.add(_FILE, words, what)


def means_otherwise(
    code: ReasonCode, tree: Expression, catalog: Catalog
) -> Iterator[tuple[str, str]]:
    """Yield words of a reason that mean something else, and what: intent or reason."""
    for words in phrases(tree, catalog.rules, _MOST_WAYS):
        others = set(_meant(words.split(), catalog)) - {code}
        yield from ((words, other) for other in sorted(others))


def _meant(said: Sequence[str], catalog: Catalog) -> Iterator[str]:
    """Yield all that words mean, at any place: a reason, or else an intent."""
    for intent, sentences in catalog.intents.items():
        for tree in (sentences.say, sentences.ask):
            for captures in matches(tree, said, catalog.rules) if tree else ():
                yield _reason(captures) or intent


def _reason(captures: Captures) -> str | None:
    return next((each.pattern for each in captures if each.slot == _SLOT), None)
