"""A sentence that is near to a known one, and to nothing else."""

from rapidfuzz import fuzz, process

from voice.language.catalog import Catalog
from voice.language.phrases import phrases

# An answer is never guessed at: "ja" is too near to too much.
_NEVER_NEAR = ("yes", "no")
# How near a whole sentence must be to one that is known, and how much nearer than to
# any of another intent, in rapidfuzz's hundredths.
_NEAR, _MARGIN = 90, 8
# How near each of its words must be, so that none is read as another.
_WORD_NEAR = 65


def nearest(text: str, place: str, catalog: Catalog) -> str | None:
    """Return the intent of the one sentence that a text is near to.

    Only sentences without slots are compared: reasons, times and names are never
    guessed.
    """
    best: dict[str, float] = {}
    for intent in catalog.places[place].intents:
        if intent in _NEVER_NEAR:
            continue
        known = phrases(catalog.intents[intent].say, catalog.rules)
        found = process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=50)
        if found and _same_words(text, found[0]):
            best[intent] = found[1]
    ranked = sorted(best, key=lambda intent: -best[intent])
    if not ranked or best[ranked[0]] < _NEAR:
        return None
    if len(ranked) > 1 and best[ranked[0]] - best[ranked[1]] < _MARGIN:
        return None
    return ranked[0]


def _same_words(text: str, known: str) -> bool:
    said, words = text.split(), known.split()
    pairs = zip(said, words, strict=False)
    alike = (fuzz.ratio(one, other) >= _WORD_NEAR for one, other in pairs)
    return len(said) == len(words) and all(alike)
