"""What of a text tells who somebody is, struck out: names and personal numbers."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from personnummer import personnummer

from voice.language.numbers import Numbers

STRUCK_OUT = "…"
_WORD = re.compile(r"\d|[^\W\d_]+")
# With the century and without it.
_LENGTHS = (10, 12)
# People hesitate between digits, and say what stands between them.
_PASSED_OVER = 2


@dataclass(frozen=True, slots=True)
class Mask:
    """What is struck out: the words of names, and numbers that words stand for."""

    names: frozenset[str]
    numbers: Mapping[str, str]
    centuries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Digits:
    """Digits that stand in a text, typed one by one or spoken as a word."""

    digits: str
    start: int
    end: int
    nth: int
    """The how manieth word of the text it is; each typed digit is one."""
    typed: bool
    is_century: bool = False
    """Whether years begin with it: "nittonhundra"."""

    def is_ten(self) -> bool:
        """Tell whether a unit may be added to it: "åttio" and "fem" are 85."""
        return not self.typed and len(self.digits) == 2 and self.digits[1] == "0"

    def is_unit(self) -> bool:
        """Tell whether it may be added to a ten."""
        return not self.typed and len(self.digits) == 1 and self.digits != "0"


def mask(names: Iterable[str], numbers: Numbers) -> Mask:
    """Return what strikes out these names, and personal numbers however spoken."""
    spoken = {
        "".join(words): str(number)
        for number, ways in numbers.cardinals.items()
        for words in ways
    }
    centuries = {
        word: str(century)
        for century, words in numbers.centuries.items()
        for word in words
    }
    # As one word too: "nittonhundraåttio", "tvåtusenett".
    spoken |= {
        first + last: f"{century}{digits:0>2}"
        for first, century in centuries.items()
        for last, digits in spoken.items()
    }
    parts = (_folded(each.group()) for name in names for each in _words(name))
    return Mask(frozenset(parts), spoken, centuries)


def masked(text: str, mask: Mask) -> str:
    """Return a text in which no name and no personal number is left."""
    text = unicodedata.normalize("NFC", text)
    while span := _personal_number(text, mask):
        text = text[: span[0]] + STRUCK_OUT + text[span[1] :]
    return _WORD.sub(lambda word: _unless_name(word.group(), mask), text)


def _unless_name(word: str, mask: Mask) -> str:
    folded = _folded(word)
    # Who is named may own something.
    is_name = folded in mask.names or folded.removesuffix("s") in mask.names
    return STRUCK_OUT if is_name else word


def _personal_number(text: str, mask: Mask) -> tuple[int, int] | None:
    """Return where the first personal number stands, if there is any."""
    found = list(_digits(text, mask))
    for first, token in enumerate(found):
        if first and _are_one(found[first - 1], token):
            continue
        ends = [
            end
            for digits, end in _readings(found, first)
            if _is_personal(digits)
            and not (end < len(found) and _are_one(found[end - 1], found[end]))
        ]
        if ends:
            return token.start, found[max(ends) - 1].end
    return None


def _digits(text: str, mask: Mask) -> Iterator[_Digits]:
    for nth, word in enumerate(_words(text)):
        said, typed = word.group(), word.group().isdecimal()
        folded = _folded(said)
        century = mask.centuries.get(folded)
        digits = str(int(said)) if typed else mask.numbers.get(folded, century)
        if digits is not None:
            yield _Digits(digits, *word.span(), nth, typed, century is not None)


def _readings(
    found: Sequence[_Digits], at: int, read: str = ""
) -> Iterator[tuple[str, int]]:
    """Yield each number that may be read on from a place, and where it ends."""
    if len(read) in _LENGTHS:
        yield read, at
    if len(read) >= max(_LENGTHS) or at == len(found):
        return
    if read and found[at].nth - found[at - 1].nth > 1 + _PASSED_OVER:
        return
    one, others = found[at], found[at + 1 : at + 2]
    yield from _readings(found, at + 1, read + one.digits)
    if one.is_ten() and others and others[0].is_unit():
        yield from _readings(found, at + 2, read + one.digits[0] + others[0].digits)
    if one.is_century:
        yield from _readings(found, at + 1, f"{read}{one.digits}00")
        if others and others[0].is_unit():
            yield from _readings(
                found, at + 2, f"{read}{one.digits}0{others[0].digits}"
            )


def _are_one(before: _Digits, after: _Digits) -> bool:
    """Tell whether two typed digits belong to the same row of digits."""
    return before.typed and after.typed and before.end == after.start


def _is_personal(digits: str) -> bool:
    # Only who is a hundred tells apart the years before 1900 that had no leap day.
    return any(personnummer.valid(f"{digits[:-4]}{sign}{digits[-4:]}") for sign in "-+")


def _words(text: str) -> Iterator[re.Match[str]]:
    return _WORD.finditer(unicodedata.normalize("NFC", text))


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold())
