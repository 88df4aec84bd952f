"""The text of the grammar files, read into one checked catalog."""

from collections.abc import Iterable, Mapping
from datetime import time

from voice.divert.codes import CodePlan
from voice.language import numbers as number_words
from voice.language.catalog import (
    NAME,
    WHOSE,
    Catalog,
    Ignored,
    Place,
    Sentences,
    Shown,
)
from voice.language.checks import check, check_sentences
from voice.language.faults import Faults, Table, strings, tables
from voice.language.notes import read_notes
from voice.language.numbers import Numbers
from voice.language.reason_words import check_reason_words
from voice.language.reasons import read_reasons, read_wordings
from voice.language.spelling import Speller
from voice.language.template import Choice, Expression, Rules, TemplateError, parse
from voice.language.times import Parts
from voice.language.told import check_told, read_told

FILES = (
    "reasons.toml",
    "numbers.toml",
    "times.toml",
    "words.toml",
    "sentences.toml",
    "places.toml",
    "codes.toml",
    "prompts.toml",
    "lexicon.toml",
    "told.toml",
    "notes.toml",
)
# Tables of times.toml that are not slots.
_PARTS = ("dayparts", "part_begins")
# The numbers that must have words: all others are made of these.
_NUMBERS: Mapping[str, Iterable[int]] = {
    "units": range(20),
    "tens": range(20, 60, 10),
    "ordinals": (*range(1, 21), 30),
    "centuries": (),
}


def load(texts: Mapping[str, str]) -> Catalog:
    """Read the grammar files, given by name; GrammarError lists every fault."""
    faults = Faults(texts)
    files = {name: faults.table(name) for name in FILES}
    faults.settle()
    catalog = _Reader(faults).catalog(files)
    check(catalog, faults)
    faults.settle()
    check_sentences(catalog, faults)
    check_told(catalog, faults)
    check_reason_words(catalog, faults)
    faults.settle()
    return catalog


class _Reader:
    """Makes values of tables, and notes what is wrong with them."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def catalog(self, files: Mapping[str, Table]) -> Catalog:
        numbers = self._numbers(files["numbers.toml"])
        reasons = tables(files["reasons.toml"])
        parts = self._parts(files["times.toml"])
        slots = self._slots(files["times.toml"])
        slots |= self._number_slots(numbers, files["numbers.toml"])
        slots |= {NAME: {}, WHOSE: {}}  # a directory fills them
        slots["reason"] = {
            code: self._ways("reasons.toml", table.get("say"), code)
            for code, table in reasons.items()
        }
        return Catalog(
            reasons=read_reasons(reasons, self._faults),
            wordings=read_wordings(reasons, self._faults),
            numbers=numbers,
            speller=self._speller(numbers, files),
            parts=parts,
            rules=Rules(self._shared(files["words.toml"]), slots),
            intents=self._intents(files["sentences.toml"]),
            places=self._places(files["places.toml"]),
            ignored=self._ignored(files["words.toml"]),
            codes=self._codes(files["codes.toml"]),
            prompts=self._prompts(files["prompts.toml"]),
            spoken_names=_spoken_names(files["times.toml"]),
            lexicon=self._lexicon(files["lexicon.toml"]),
            told=read_told(files["told.toml"], self._faults),
            notes=read_notes(files["notes.toml"], self._faults),
        )

    def _ways(self, file: str, value: object, near: str) -> Expression:
        """Read a list of templates as one choice."""
        templates = strings(value)
        if not templates:
            self._faults.add(file, near, f"{near}: a list of sentences is wanted")
            return Choice(())
        ways: list[Expression] = []
        for template in templates:
            try:
                ways.append(parse(template))
            except TemplateError as error:
                self._faults.add(file, template, error)
        return ways[0] if len(ways) == 1 else Choice(tuple(ways))

    def _slots(self, table: Table) -> dict[str, dict[str, Expression]]:
        return {
            slot: {
                pattern: self._ways("times.toml", ways, pattern)
                for pattern, ways in patterns.items()
            }
            for slot, patterns in tables(table).items()
            if slot not in _PARTS
        }

    def _shared(self, table: Table) -> dict[str, Expression]:
        rules = tables(table).get("rules", {})
        return {
            name: self._ways("words.toml", [text], name) for name, text in rules.items()
        }

    def _intents(self, table: Table) -> dict[str, Sentences]:
        return {
            intent: Sentences(
                self._ways("sentences.toml", ways.get("say"), intent),
                self._ways("sentences.toml", ways["ask"], intent)
                if "ask" in ways
                else None,
            )
            for intent, ways in tables(table).items()
        }

    def _places(self, table: Table) -> dict[str, Place]:
        return {
            name: Place(
                tuple(strings(place.get("intents")) or ()),
                {str(k): str(v) for k, v in tables(place).get("keys", {}).items()},
                self._shown(name, place.get("digits")),
                place.get("listens") is not False,
                place.get("codes") is not False,
            )
            for name, place in tables(table).items()
        }

    def _shown(self, name: str, digits: object) -> Shown | None:
        if digits is None or digits in tuple(Shown):
            return None if digits is None else Shown(str(digits))
        what = f"{name}: digits are shown or secret, not {digits}"
        self._faults.add("places.toml", "digits", what)
        return None

    def _ignored(self, table: Table) -> Ignored:
        ignored = tables(table).get("ignored", {})

        def phrases(name: str) -> tuple[tuple[str, ...], ...]:
            return tuple(tuple(p.split()) for p in strings(ignored.get(name)) or ())

        return Ignored(
            frozenset(strings(ignored.get("hesitations")) or ()),
            phrases("before"),
            phrases("after"),
        )

    def _numbers(self, table: Table) -> Numbers:
        spelled: list[dict[int, list[str]]] = []
        for name, wanted in _NUMBERS.items():
            known = self._by_number(tables(table).get(name, {}))
            missing = [str(number) for number in wanted if not known.get(number)]
            if missing:
                what = f"[{name}] has no word for {', '.join(missing)}"
                self._faults.add("numbers.toml", f"[{name}]", what)
            spelled.append(known)
        return number_words.numbers(*spelled)

    def _by_number(self, entries: Table) -> dict[int, list[str]]:
        spelled: dict[int, list[str]] = {}
        for number, ways in entries.items():
            if number.isdecimal():
                spelled[int(number)] = strings(ways) or []
            else:
                self._faults.add("numbers.toml", number, f"{number} is no number")
        return spelled

    def _number_slots(
        self, numbers: Numbers, table: Table
    ) -> dict[str, dict[str, Expression]]:
        slots = {}
        for kind, ways in (
            ("cardinal_slots", numbers.cardinals),
            ("ordinal_slots", numbers.ordinals),
        ):
            for name, ends in tables(table).get(kind, {}).items():
                match ends:
                    case [int(first), int(last)]:
                        slots[name] = number_words.slot(ways, first, last)
                    case _:
                        what = f"{name}: first and last number wanted, as [1, 12]"
                        self._faults.add("numbers.toml", name, what)
        return slots

    def _speller(self, numbers: Numbers, files: Mapping[str, Table]) -> Speller:
        spellings = tables(files["words.toml"]).get("spellings", {})
        months = _spoken_names(files["times.toml"])["month"].values()
        written = {key: str(word) for key, word in spellings.items()}
        return Speller(numbers, written, frozenset(months))

    def _parts(self, table: Table) -> Parts:
        hours = tables(table).get("dayparts", {})
        begins = tables(table).get("part_begins", {})
        try:
            return Parts(
                {p: _hours(strings(ends) or []) for p, ends in hours.items()},
                {p: time.fromisoformat(str(begin)) for p, begin in begins.items()},
            )
        except ValueError as error:
            self._faults.add("times.toml", "[dayparts]", error)
            return Parts({}, {})

    def _codes(self, table: Table) -> CodePlan:
        plan = CodePlan(*(str(table.get(k)) for k in ("absence", "clock", "date")))
        if plan.clock != "HHMM" or plan.date not in ("MMDD", "DDMM"):
            self._faults.add("codes.toml", "date", "clock is HHMM; date MMDD or DDMM")
        if not plan.absence.isdigit():
            self._faults.add("codes.toml", "absence", "absence must be digits")
        return plan

    def _prompts(self, table: Table) -> dict[str, str]:
        for key, text in table.items():
            if not isinstance(text, str) or not text.strip():
                self._faults.add("prompts.toml", key, f"{key} has no text")
        return {key: str(text) for key, text in table.items()}

    def _lexicon(self, table: Table) -> dict[str, tuple[str, ...]]:
        lexicon: dict[str, tuple[str, ...]] = {}
        for word, ways in tables(table).get("words", {}).items():
            spoken = [ways] if isinstance(ways, str) else strings(ways)
            if not spoken:
                self._faults.add("lexicon.toml", word, f"{word} has no pronunciation")
            lexicon[word] = tuple(spoken or ())
        return lexicon


def _spoken_names(table: Table) -> dict[str, dict[int, str]]:
    """Return the first written form of weekdays and months, for speaking them."""
    return {
        slot: {
            int(number): (strings(ways) or [""])[0].split("[")[0]
            for number, ways in tables(table).get(slot, {}).items()
            if number.isdecimal()
        }
        for slot in ("weekday", "month")
    }


def _hours(ends: list[str]) -> tuple[time, time]:
    first, last = map(time.fromisoformat, ends)
    return first, last
