"""People by whatever they are called, looked up as somebody types, slips and all."""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from voice.dialogue.people import Person as Person
from voice.dialogue.people import spoken

# How well a word fits: it is the one that is meant, or begins so; one that is only
# near is as good as it is near, in rapidfuzz's hundredths, and never as good as those.
_SAME, _BEGINS = 200.0, 120.0
_NEAR, _NEAR_FROM = 72.0, 3
# Who is called so first of all is more likely meant than who works where.
_FIRST, _BY_NAME, _BY_UNIT = 1.1, 1.0, 0.6
_MOST_WORDS = 8
# Nobody looks further for who is written just so.
_TOLD_APART = 500
_WORD = re.compile(r"[^\W_]+")
# Letters of their own, which no dot or ring can be taken from.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l", "ß": "ss"})
# The last of the alphabet, in its order.
_LAST = str.maketrans("åäö", "{|}")

# After every letter there is.
_BEYOND = "\U0010ffff"

_Fits = dict[int, float]


class Index:
    """Some people, by their names, numbers and units, without regard to å, ä and ö."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._persons = tuple(sorted(persons, key=_in_order))
        self._written = [person.name.lower() for person in self._persons]
        known: dict[str, _Fits] = defaultdict(dict)
        for place, person in enumerate(self._persons):
            for word, weight in _called(person):
                known[word][place] = max(weight, known[word].get(place, 0.0))
        self._known: Mapping[str, _Fits] = known
        self._words = sorted(known)
        self._names = [word for word in self._words if not word.isdecimal()]

    def find(self, text: str) -> tuple[Person, ...]:
        """Return whom every word of a text fits, the best first; else all, by name."""
        sought = plain_words(text)[:_MOST_WORDS]
        if not sought:
            return () if text.strip() else self._persons
        left = self._fitting(sought[0])
        for word in sought[1:]:
            more = self._fitting(word)
            left = {at: fit + more[at] for at, fit in left.items() if at in more}
        # In the order of their names already, where they fit alike.
        ranked = sorted(sorted(left), key=left.__getitem__, reverse=True)
        first = self._told_apart(ranked[:_TOLD_APART], left, text)
        places = (*first, *ranked[_TOLD_APART:])
        return tuple(self._persons[place] for place in places)

    def _told_apart(self, ranked: list[int], fits: _Fits, text: str) -> list[int]:
        """Put Jonsson before Jönsson, who fits as well, where it is written so."""
        written = text.lower().split()

        def rank(place: int) -> tuple[float, int]:
            alike = sum(word in self._written[place] for word in written)
            return -fits[place], -alike

        return sorted(ranked, key=rank)

    def _fitting(self, sought: str) -> _Fits:
        """Return how well a word fits each of those it fits at all."""
        fits: _Fits = {}
        for word, fit in self._like(sought):
            for place, weight in self._known[word].items():
                # This runs for everybody, at each letter that is typed.
                if (better := fit * weight) > fits.get(place, 0.0):
                    fits[place] = better
        return fits

    def _like(self, sought: str) -> Iterator[tuple[str, float]]:
        """Yield the words that may be meant, and how well each fits."""
        if len(sought) >= _NEAR_FROM and not sought.isdecimal():
            near: Sequence[tuple[str, float, int]] = process.extract(
                sought, self._names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=None
            )
            yield from ((word, fit) for word, fit, _ in near)
        first = bisect_left(self._words, sought)
        after = bisect_left(self._words, sought + _BEYOND, first)
        for word in self._words[first:after]:
            yield word, _SAME if word == sought else _BEGINS


def plain_words(text: str) -> list[str]:
    """Return the words of a text in small letters, without dots, rings and accents."""
    letters = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return _WORD.findall(plain.translate(_LETTERS))


def _called(person: Person) -> Iterator[tuple[str, float]]:
    for word in plain_words(spoken(person.name))[:1]:
        yield word, _FIRST
    for text in (person.name, *person.search):
        words = plain_words(text)
        # "Anna-Karin" is written in one word too.
        halves = (plain_words(part) for part in text.split() if "-" in part)
        for word in (*words, *map("".join, halves)):
            yield word, _BY_NAME
    yield person.extension, _BY_NAME
    for word in plain_words(person.unit):
        yield word, _BY_UNIT


def _in_order(person: Person) -> tuple[str, str]:
    return spoken(person.name).lower().translate(_LAST), person.extension
