"""Written Swedish made into the grammar's words: "14.30" is "fjorton trettio"."""

import re
import unicodedata
from collections.abc import Mapping
from copy import copy
from typing import Self

from voice.language.numbers import Numbers

_CLOCK = re.compile(r"\b([01]?\d|2[0-4])[:.]?([0-5]\d)\b")
_SLASH_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})\b")
_ORDINAL = re.compile(r"\b(\d{1,2}):?[ea]\b")
_MINUTES = re.compile(r"(?<=\d)\s*min\b")
_NUMBER = re.compile(r"\d+")
_SEPARATORS = re.compile(r"[^\w\s#*-]|_")


class Speller:
    """Knows the number words and the site's spellings."""

    def __init__(
        self, numbers: Numbers, spellings: Mapping[str, str], months: frozenset[str]
    ) -> None:
        self._numbers = numbers
        self._plain = dict(numbers.compounds())
        self._written = self._plain | dict(spellings)
        self._longest = max((key.count(" ") for key in self._written), default=0) + 1
        self._day_of_month = re.compile(rf"\b(\d{{1,2}})\s+(?={'|'.join(months)})")

    def knowing(self, spellings: Mapping[str, str]) -> Self:
        """Return one who knows more spellings, also of words said as they stand."""
        other = copy(self)
        other._plain = {**spellings, **self._plain}
        other._written = {**spellings, **self._written}
        return other

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of a text as the grammar spells them."""
        return self._respelled(self._spoken(text), self._written)

    def plain_words(self, text: str) -> tuple[str, ...]:
        """Return the words of a text as they are said, each as it is spelled."""
        return self._respelled(self._spoken(text), self._plain)

    def _spoken(self, text: str) -> list[str]:
        plain = unicodedata.normalize("NFC", text).lower()
        plain = _SLASH_DATE.sub(r"\1:e i \2:e", plain)
        plain = self._day_of_month.sub(r"\1:e ", plain)
        plain = _ORDINAL.sub(self._ordinal, plain)
        plain = _MINUTES.sub(" minuter", plain)
        plain = _CLOCK.sub(self._clock, plain)
        plain = _NUMBER.sub(self._cardinal, plain)
        return _SEPARATORS.sub(" ", plain).split()

    def _ordinal(self, found: re.Match[str]) -> str:
        number = int(found[1])
        known = number in self._numbers.ordinals
        return self._numbers.spoken_ordinal(number) if known else found[0]

    def _clock(self, found: re.Match[str]) -> str:
        hour, minute = int(found[1]), int(found[2])
        early = "0 " if found[1].startswith("0") and hour else ""
        late = f"0 {minute}" if minute < 10 else str(minute)
        return f"{early}{hour} {'0 0' if minute == 0 else late}"

    def _cardinal(self, found: re.Match[str]) -> str:
        number = int(found[0])
        known = number in self._numbers.cardinals
        return self._numbers.spoken(number) if known else found[0]

    def _respelled(
        self, written: list[str], spellings: Mapping[str, str]
    ) -> tuple[str, ...]:
        words: list[str] = []
        at = 0
        while at < len(written):
            for length in range(self._longest, 0, -1):
                piece = " ".join(written[at : at + length])
                if piece in spellings:
                    words += spellings[piece].split()
                    at += length
                    break
            else:
                words.append(written[at])
                at += 1
        return tuple(words)
