"""Reasons to be away, changed through the web: the whole grammar is tried first."""

import asyncio
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from voice.config import Settings, settings
from voice.divert.model import ReasonCode
from voice.errors import VoiceError
from voice.hearing import sayable
from voice.house import read_texts
from voice.language.catalog import Catalog
from voice.language.files import FILES, load
from voice.language.reason_words import is_spoken, means_otherwise
from voice.language.template import Choice, TemplateError, names, parse
from voice.replacing import ReplacingError, beside, mark_of, put_in_place, text_of
from voice.settings_written import NotWrittenError, Place, Value, with_settings
from voice.sound.models import ModelError, open_model
from voice.store.access_trail import told
from voice.store.audit_port import Audit
from voice.web.administration import (
    NotKeptError,
    ReasonShown,
    ReasonsShown,
    UnusableError,
)
from voice.web.errors import ChangedMeanwhileError

_FILE = "reasons.toml"
_CHANGED = "SettingChanged"
_MOST_DIGITS = 2


class ReasonsFile:
    """The reasons in the grammar of a site."""

    def __init__(self, chosen: Settings, catalog: Catalog, audit: Audit) -> None:
        """Take a site's folder, what was read of it, and where changes are told."""
        self._folder, self._models = chosen.grammar, chosen.models
        self._catalog, self._audit = catalog, audit
        self._one_at_a_time = asyncio.Lock()

    async def read(self) -> ReasonsShown:
        """Return them as they are written; UnusableError where they cannot be read."""
        text = await asyncio.to_thread(_text, self._folder)
        shipped = settings({}).grammar
        return ReasonsShown(
            folder=str(self._folder),
            is_own=self._folder.resolve() != shipped.resolve(),
            seal=mark_of(text),
            reasons=tuple(_reasons(text)),
        )

    async def write(
        self, seal: str, filled: ReasonShown, now: datetime, by: str
    ) -> bool:
        """Write one, if the house can start with it; tell whether it is another."""
        async with self._one_at_a_time:
            shown = await self.read()
            if shown.seal != seal or not shown.is_own:
                raise ChangedMeanwhileError
            before = {each.code: each for each in shown.reasons}
            _check(filled, before, self._catalog)
            changed = _changed(filled, before[filled.code])
            if not changed:
                return False
            text = await asyncio.to_thread(self._tried, changed)
            # First on the trail: nothing may hold that nobody is known to have set.
            what = f"{_FILE} {filled.code}"
            keys = ", ".join(place.key for place in changed)
            entry = replace(told(now, by, _CHANGED, what), detail=keys)
            await self._audit.note(entry)
            await asyncio.to_thread(self._replace, text)
            return True

    def _tried(self, changed: Mapping[Place, Value]) -> str:
        """Return the text that is to be; UnusableError if no house starts with it."""
        try:
            text = with_settings(_text(self._folder), changed)
            catalog = load(read_texts(self._folder, FILES) | {_FILE: text})
        except (NotWrittenError, VoiceError) as error:
            raise UnusableError(str(error)) from error
        try:
            model = open_model(self._models)
        except ModelError:
            # Without ears no word needs to be pronounced.
            return text
        try:
            sayable(catalog, model)
        except VoiceError as error:
            raise NotKeptError(say="reasons.unpronounced") from error
        return text

    def _replace(self, text: str) -> None:
        file = self._folder / _FILE
        try:
            with beside(file, text) as new:
                put_in_place(new, file)
        except ReplacingError as error:
            raise UnusableError(str(error)) from error


def _text(folder: Path) -> str:
    try:
        return text_of(folder / _FILE)
    except ReplacingError as error:
        raise UnusableError(str(error)) from error


def _reasons(text: str) -> Iterator[ReasonShown]:
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise UnusableError(f"{_FILE}: not TOML: {error}") from error
    for code, table in tables.items():
        say = table.get("say", ())
        yield ReasonShown(
            code=code,
            digit=str(table.get("digit", "")),
            label=str(table.get("label", "")),
            outer=str(table.get("outer", "")),
            say=tuple(map(str, say)) if isinstance(say, list) else (),
        )


def _check(
    filled: ReasonShown, known: Mapping[str, ReasonShown], catalog: Catalog
) -> None:
    """Blame each field that can be no reason's."""
    faults = {
        name: "reasons.empty"
        for name in ("label", "outer", "say")
        if not getattr(filled, name)
    }
    for name, wording in (("label", filled.label), ("outer", filled.outer)):
        if wording and not is_spoken(wording):
            faults[name] = "reasons.unspoken"
    if filled.say and _means_otherwise(filled, catalog):
        faults["say"] = "reasons.means_otherwise"
    digit = filled.digit
    if not (digit.isascii() and digit.isdecimal() and len(digit) <= _MOST_DIGITS):
        faults["digit"] = "reasons.bad_digit"
    others = (each.digit for each in known.values() if each.code != filled.code)
    if digit in others:
        faults["digit"] = "reasons.taken"
    if faults:
        raise NotKeptError(**faults)


def _means_otherwise(filled: ReasonShown, catalog: Catalog) -> bool:
    """Tell whether some words of a reason are said for something else already."""
    try:
        tree = Choice(tuple(map(parse, filled.say)))
    except TemplateError as error:
        raise NotKeptError(say="reasons.no_words") from error
    # What the grammar's own files may use, whoever fills in a form need not know.
    if list(names(tree)):
        raise NotKeptError(say="reasons.no_words")
    return bool(list(means_otherwise(ReasonCode(filled.code), tree, catalog)))


def _changed(filled: ReasonShown, before: ReasonShown) -> dict[Place, Value]:
    wanted: dict[str, Value] = {
        "digit": filled.digit,
        "say": filled.say,
        "label": filled.label,
        "outer": filled.outer,
    }
    return {
        Place(filled.code, key): value
        for key, value in wanted.items()
        if value != getattr(before, key)
    }
