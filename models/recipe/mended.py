"""Words that the big lexicon pronounces wrongly, said right.

Its makers spelled many words by a rule that took "-a" for "-er" and thought that every
last syllable is long: whole endings are mended where the stem is a word of its own,
and single words by mended.tsv.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

Phones = tuple[str, ...]

TABLE = Path(__file__).with_name("mended.tsv")
VOWELS = tuple("ɑaeɛioɵøɔœuyæʉʏɪʊ")
# How a word ends, the phones that are wrong there, what is said, and what the word
# without its ending is lengthened by to be a word that tells of the ending.
ENDINGS = (
    ("a", ("ɛ", "r"), ("a",), None),
    ("at", ("ɑː", "t"), ("a", "t"), "a"),
    ("ad", ("ɑː", "d"), ("a", "d"), "a"),
    ("et", ("eː", "t"), ("ɛ", "t"), ""),
    ("en", ("eː", "n"), ("ɛ", "n"), ""),
)


def mended(word: str, way: Phones, words: Mapping[str, object]) -> Phones:
    """Return how a word is said, by the endings of Swedish words."""
    for ending, wrong, right, more in ENDINGS:
        if not word.endswith(ending) or way[-len(wrong) :] != wrong:
            continue
        before = way[: -len(wrong)]
        if not any(phone.startswith(VOWELS) for phone in before):
            continue  # the only vowel of a word is no ending
        if more is None or word.removesuffix(ending) + more in words:
            return before + right
    return way


def mend(
    lexicon: Mapping[str, tuple[Phones, ...]], table: Iterable[str]
) -> dict[str, tuple[Phones, ...]]:
    """Return the lexicon with its words mended; a line of the table is word, phones."""
    said = {
        word: tuple(dict.fromkeys(mended(word, way, lexicon) for way in ways))
        for word, ways in lexicon.items()
    }
    for line in table:
        word, _, phones = line.rstrip("\n").partition("\t")
        said[word] = (tuple(phones.split()),)
    return said
