"""The settings file, changed through the web: tried whole before it is replaced."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from voice import config, setting_kinds
from voice.config import RetentionSettings
from voice.phone.settings import AsteriskSettings, RedirectSettings, SipSettings
from voice.replacing import (
    ReplacingError,
    beside,
    mark_of,
    put_in_place,
    text_of,
)
from voice.setting_kinds import KindError
from voice.settings_file import SettingError, Written, read
from voice.settings_sections import SECTIONS
from voice.settings_written import NotWrittenError, Place, Value, with_settings
from voice.store.access_trail import told
from voice.store.audit_port import Audit
from voice.web.administration import FileShown, NotKeptError, Setting, UnusableError
from voice.web.errors import ChangedMeanwhileError

_CHANGED = "SettingChanged"
_BETWEEN = re.compile(r"[\s,;]+")
# How long is kept what is personal, and how long where nothing is written.
_KEPT = {
    Place("retention", "transcripts_days"): RetentionSettings().transcripts_days,
    Place("retention", "trail_days"): RetentionSettings().trail_days,
    Place("recording", "days"): 0,
}
# Where nothing is written.
_PEERS = {
    "sip": SipSettings().trusted,
    "asterisk": AsteriskSettings().trusted,
    "redirect": RedirectSettings().trusted,
}
Values = dict[Place, Value]


class SettingsFile:
    """What of a site's settings file is changed through the web."""

    def __init__(self, file: Path | None, audit: Audit) -> None:
        self._file, self._audit = file, audit
        self._one_at_a_time = asyncio.Lock()

    async def read(self) -> FileShown | None:
        """Return what can be changed; None where the house has no settings file."""
        if self._file is None:
            return None
        text, values = await asyncio.to_thread(_read, self._file)
        lines = sum(place.section == "sip" for place in values)
        shown = (
            _shown(place, value, place.section == "sip" and lines > 1)
            for place, value in values.items()
        )
        return FileShown(str(self._file), mark_of(text), tuple(shown))

    async def write(
        self, seal: str, filled: Mapping[str, str], now: datetime, by: str
    ) -> bool:
        """Write what is filled in, and tell whether that changes anything."""
        assert self._file is not None
        async with self._one_at_a_time:
            text, before = await asyncio.to_thread(_read, self._file)
            if mark_of(text) != seal:
                raise ChangedMeanwhileError
            wanted = _wanted(filled, before)
            changed = {p: v for p, v in wanted.items() if v != before[p]}
            if not changed:
                return False
            await asyncio.to_thread(_try, self._file, text, changed)
            # First on the trail: nothing may hold that nobody is known to have set.
            for place, value in changed.items():
                detail = f"{_text(before[place])} -> {_text(value)}"
                entry = told(now, by, _CHANGED, _name(place))
                await self._audit.note(replace(entry, detail=detail))
            await asyncio.to_thread(_replace, self._file, text, changed)
            return True


def _read(file: Path) -> tuple[str, Values]:
    """Read the text of a file, and of it the settings that can be changed."""
    try:
        text = text_of(file)
        written = read(file)
        written.settle()
    except (ReplacingError, SettingError) as error:
        raise UnusableError(str(error)) from error
    return text, dict(_settings(written))


def _settings(written: Written) -> Iterator[tuple[Place, Value]]:
    for nth, line in enumerate(written.sip or [{}], 1):
        yield Place("sip", "trusted", nth), line.get("trusted", _PEERS["sip"])
    for section in ("asterisk", "redirect"):
        values = written.section(section)
        if values.get("on", False):
            peers = values.get("trusted", _PEERS[section])
            yield Place(section, "trusted"), peers
    for place, days in _KEPT.items():
        yield place, written.section(place.section).get(place.key, days)


def _wanted(filled: Mapping[str, str], before: Values) -> Values:
    """Read what is filled in; NotKeptError blames each field that cannot be read."""
    wanted: Values = {}
    faults: dict[str, str] = {}
    for place in before:
        name = _name(place)
        try:
            wanted[place] = _value(place, filled.get(name, ""))
        except KindError:
            faults[name] = f"site_file.bad_{place.key}"
    if faults:
        raise NotKeptError(**faults)
    return wanted


def _value(place: Place, text: str) -> Value:
    kind = SECTIONS[place.section][place.key]
    given: object = text
    if kind is setting_kinds.networks:
        given = [one for one in _BETWEEN.split(text) if one]
    elif text.isascii() and text.isdecimal() and len(text) < 10:
        given = int(text)
    read: Any = kind(given)
    return read  # type: ignore[no-any-return]  # each kind here reads one of them


def _try(file: Path, text: str, changed: Values) -> None:
    """See that the house would start with the file as it is to be."""
    try:
        with beside(file, with_settings(text, changed)) as new:
            config.settings(file=new)
    except SettingError as error:
        told_ = str(error).replace(str(new), str(file))
        raise UnusableError(told_) from error
    except (ReplacingError, NotWrittenError) as error:
        raise UnusableError(str(error)) from error


def _replace(file: Path, text: str, changed: Values) -> None:
    try:
        with beside(file, with_settings(text, changed)) as new:
            put_in_place(new, file)
    except ReplacingError as error:
        raise UnusableError(str(error)) from error


def _shown(place: Place, value: Value, is_one_of_several: bool) -> Setting:
    is_list = isinstance(value, tuple)
    return Setting(
        name=_name(place),
        words=f"site_file.{place.section}_{place.key}",
        nth=place.nth if is_one_of_several else 0,
        text=_text(value),
        is_list=is_list,
    )


def _name(place: Place) -> str:
    nth = f"-{place.nth}" if place.section == "sip" else ""
    return f"{place.section}{nth}-{place.key}"


def _text(value: Value) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
