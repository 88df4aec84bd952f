"""How one speaker says the phones of a phrase: retroflex or not, and where stressed."""

import random
from collections.abc import Iterator, Sequence

from recipe.phrases import Phones, Phrase

VOWELS = "ɪʏʊʉɑaeɛioɵøɔœuyæ"
RETROFLEX = {"t": "ʈ", "d": "ɖ", "n": "ɳ", "ɕ": "ʂ"}
# Where in the spelling a phone may stand; rs is written ɕ in the lexicon.
LETTERS = {"t": "t", "d": "d", "n": "n", "ŋ": "n", "ɕ": "rs"}
OPENED = (*RETROFLEX.values(), "r")  # ɛː and øː are said more openly before these
UNSTRESSED = frozenset(
    ("jag", "och", "i", "på", "till", "det", "är", "en", "ett", "den", "har", "av")
    + ("om", "med", "för", "vid", "som")
)


def said(phrase: Phrase, chance: random.Random) -> Iterator[tuple[Phones, int]]:
    """Yield each word's phones as one speaker says them, and the stressed one's place.

    The place is -1 in a word without stress.
    """
    fronted = chance.random() < 0.8
    for word, phones in phrase:
        spoken = _fronted(word, phones) if fronted else phones
        yield spoken, _stressed(word, phones, chance)


def _fronted(word: str, phones: Phones) -> Phones:
    """Join r with what follows, where the spelling has one that the phones lack."""
    spoken, read = list(phones), 0
    for at, phone in enumerate(phones):
        letter = LETTERS.get(phone)
        found = word.find(letter, read) if letter else -1
        if found < 0:
            continue
        read = found + 1 if phone != "ɕ" else read
        after = at and (phones[at - 1][0] in VOWELS or spoken[at - 1] == "ʂ")
        if after and phone in RETROFLEX and "r" in word[max(0, found - 1) : found + 1]:
            spoken[at] = RETROFLEX[phone]
    for at in range(1, len(spoken)):
        if spoken[at] in OPENED:
            spoken[at - 1] = spoken[at - 1].replace("ɛː", "æː").replace("øː", "œː")
    return tuple(spoken)


def _stressed(word: str, phones: Sequence[str], chance: random.Random) -> int:
    """Say which phone has the stress: mostly the first long vowel; -1 for none."""
    vowels = [n for n, phone in enumerate(phones) if phone[0] in VOWELS]
    if not vowels or (word in UNSTRESSED and chance.random() < 0.6):
        return -1
    long = [n for n in vowels if phones[n].endswith("ː")]
    return long[0] if long and chance.random() < 0.85 else vowels[0]
