"""The words that calls are found by, the same for every store."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Letters and digits of any language; signs only part words.
_WORD = re.compile(r"[^\W_]+")
# No word of a call is longer, and no index entry need be.
_LONGEST = 64
# More words than this narrow nothing down.
_MOST = 6
_LAST_SIGN = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Term:
    """What is sought: a whole word, or the beginning of one."""

    word: str
    whole: bool = True

    @property
    def end(self) -> str:
        """The end of all that begins so, in the order of signs."""
        return self.word + _LAST_SIGN

    def fits(self, word: str) -> bool:
        """Tell whether a word is what is sought."""
        return word == self.word if self.whole else word.startswith(self.word)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, each as often as it comes; case is folded.

    Å is a letter of its own, and not an A, however it was typed.
    """
    folded = composed(composed(text).casefold())
    return tuple(word[:_LONGEST] for word in _WORD.findall(folded))


def words_in(text: str) -> Iterator[re.Match[str]]:
    """Yield where the words of a text are, as they are written."""
    return _WORD.finditer(composed(text))


def composed(text: str) -> str:
    """Return the same text, each letter one sign where there is one for it."""
    return unicodedata.normalize("NFC", text)


def terms_of(text: str) -> tuple[Term, ...]:
    """Return what a text seeks: its words, the last of which may be unfinished."""
    words = words_of(text)
    whole = tuple(Term(word) for word in dict.fromkeys(words[:-1]))
    return (*whole[: _MOST - 1], *(Term(word, whole=False) for word in words[-1:]))
