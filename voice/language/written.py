"""A return that is written in a form, read as if the same words had been said."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from voice.dialogue.heard import Meant
from voice.divert.model import ReasonCode, SetDivert
from voice.language.catalog import Catalog
from voice.language.phrases import phrases
from voice.language.understand import Here, understand

# Longer is nothing that anybody would say.
_LONGEST = 100
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")


class Unread(StrEnum):
    """Why a return cannot be read."""

    NO_TIME = "no_time"
    NO_DAY = "no_day"
    PAST_DAY = "past_day"
    FAR_DAY = "far_day"
    """Said without its year, the day would be an earlier one."""


@dataclass(frozen=True, slots=True)
class Written:
    """A divert as written; not `sure` where it would be asked about on a call."""

    command: SetDivert
    sure: bool


def written(
    reason: ReasonCode, until: str, here: Here, catalog: Catalog
) -> Written | Unread:
    """Read "14:30", "2026-08-05", "till och med fredag" or "två timmar"."""
    for found in _ISO_DATE.finditer(until):
        said = _said(found, here.moment.today)
        if isinstance(said, Unread):
            return said
        until = until.replace(found[0], said, 1)
    return _as_spoken(reason, until, here, catalog)


def _as_spoken(
    reason: ReasonCode, until: str, here: Here, catalog: Catalog
) -> Written | Unread:
    if len(until) > _LONGEST:
        return Unread.NO_TIME
    named = phrases(catalog.rules.slots["reason"][reason], catalog.rules)[0]
    till = phrases(catalog.rules.shared["till"], catalog.rules)[0]
    # A time alone is a return: only what cannot be one is read as it stands.
    for text in (f"{named} {till} {until}", f"{named} {until}"):
        match understand(text, here, catalog):
            case Meant(SetDivert() as command, sure) if _is_of(command, reason):
                return Written(command, sure)
    return Unread.NO_TIME


def _is_of(command: SetDivert, reason: ReasonCode) -> bool:
    # Signs alone are said like nothing, which means as long as usual.
    return command.reason == reason and command.until is not None


def _said(found: re.Match[str], today: date) -> str | Unread:
    """Return a date as it is said, which is without its year: "5/8"."""
    year, month, day = map(int, found.groups())
    try:
        meant = date(year, month, day)
    except ValueError:
        return Unread.NO_DAY
    if meant < today:
        return Unread.PAST_DAY
    if any(_is_ahead(each, month, day, today) for each in range(today.year, year)):
        return Unread.FAR_DAY
    return f"{day}/{month}"


def _is_ahead(year: int, month: int, day: int, today: date) -> bool:
    """Tell whether a year has the date, today or later."""
    try:
        return date(year, month, day) >= today
    except ValueError:
        return False
