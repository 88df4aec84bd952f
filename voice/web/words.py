"""What pages say, in each language: `grammar/web.toml` and `grammar/web-en.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from babel import Locale

from voice.language.faults import Faults, Table, tables


class Language(StrEnum):
    """A language that pages are written in."""

    SWEDISH = "sv"
    ENGLISH = "en"


FILES = {Language.SWEDISH: "web.toml", Language.ENGLISH: "web-en.toml"}
# Found once: a page has a hundred dates.
LOCALES = {
    Language.SWEDISH: Locale("sv", "SE"),
    Language.ENGLISH: Locale("en", "GB"),
}
"""How dates and numbers are written in each."""


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language, each by its section and key: "start.title"."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, filled in."""
        return self.texts[key].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self.texts


def read_words(
    texts: Mapping[str, str], shipped: Mapping[Language, Words] | None = None
) -> Mapping[Language, Words]:
    """Read the files, given by name; GrammarError lists every fault.

    With what is `shipped`, files that were written for an earlier version are whole.
    """
    faults = Faults(texts)
    read = {language: _texts(faults, name) for language, name in FILES.items()}
    faults.settle()
    if shipped is not None:
        read = {
            language: _whole(own, shipped[language]) for language, own in read.items()
        }
    for language in FILES:
        _compare(faults, read, language)
    faults.settle()
    return {language: Words(language, found) for language, found in read.items()}


def _whole(own: Mapping[str, str], shipped: Words) -> dict[str, str]:
    """Return all that pages say, in a site's own words where those can be filled in."""

    def is_usable(key: str, text: str) -> bool:
        return key in own and _slots(own[key]) == _slots(text)

    return {
        key: own[key] if is_usable(key, text) else text
        for key, text in shipped.texts.items()
    }


def _texts(faults: Faults, file: str) -> dict[str, str]:
    table = faults.table(file)
    for key in table.keys() - tables(table).keys():
        faults.add(file, key, f"{key} stands in no section: write it below its page")
    return {
        f"{section}.{key}": text
        for section, entries in tables(table).items()
        for key, text in _entries(faults, file, entries)
    }


def _entries(faults: Faults, file: str, entries: Table) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for key, text in entries.items():
        if not isinstance(text, str) or not text.strip():
            faults.add(file, f"{key} =", f"{key} has no text")
        elif _slots(text) is None:
            faults.add(file, text, f"{key}: a brace stands alone")
        else:
            kept.append((key, text))
    return kept


def _compare(
    faults: Faults, read: Mapping[Language, Mapping[str, str]], language: Language
) -> None:
    """Note what this language lacks, or fills in otherwise than the first."""
    file, texts, first = FILES[language], read[language], read[Language.SWEDISH]
    for key in sorted(set().union(*read.values()) - texts.keys()):
        faults.add(file, "", f"{key} is missing: write it as in the other language")
    for key in sorted(texts.keys() & first.keys()):
        if _slots(texts[key]) != _slots(first[key]):
            what = f"{key} is not filled in as the Swedish is"
            faults.add(file, texts[key], what)


def _slots(text: str) -> set[str] | None:
    """Return what a text is filled in with; None where it cannot be."""
    try:
        return {slot for _, slot, _, _ in Formatter().parse(text) if slot is not None}
    except ValueError:
        return None


def chosen_language(kept: str | None, accepted: str) -> Language:
    """Return the language of a choice that is kept, else the one a browser likes best.

    RFC 9110 §12.5.4: "sv-SE, sv;q=0.9, en;q=0.8".
    """
    if kept in tuple(Language):
        return Language(kept)
    liked: list[tuple[float, Language]] = []
    for part in accepted[:200].split(","):
        tag, _, weight = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name in tuple(Language):
            liked.append((_weight(weight), Language(name)))
    best = max(liked, key=lambda one: one[0], default=(0.0, Language.SWEDISH))
    return best[1] if best[0] > 0 else Language.SWEDISH


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
