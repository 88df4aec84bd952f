"""The audit trail: which changes are asked for, and each as it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from voice.divert.model import Extension
from voice.divert.walltime import at
from voice.store.audit_port import ChangesFound, ChangesWanted, Noted
from voice.web.pages.noted import HANDS, Hand, Note, hand, notes
from voice.web.pages.outward import Discretion, Outward

PATH = "/installningar/spar"
_LONGEST = 100
EVENTS = (
    "DivertSet",
    "DivertChanged",
    "DivertsCleared",
    "ChangeUndone",
    "CalendarFollowed",
    "CalendarLinked",
    "CalendarUnlinked",
    "ExtensionAdded",
    "ExtensionChanged",
    "ExtensionRemoved",
    "PinSet",
    "PinRemoved",
    "PinLocked",
    "PinUnlocked",
    "AccountAdded",
    "AccountChanged",
    "AccountRemoved",
    "AccountLocked",
    "AccountUnlocked",
    "PasswordSet",
    "KeyAdded",
    "KeyRemoved",
    "HookAdded",
    "HookChanged",
    "HookRemoved",
    "DirectorySynced",
    "SettingChanged",
    "CallCorrected",
    "CallHeard",
    "CallsErased",
    "ChangesErased",
    "PersonErased",
    "PersonExported",
    "TurnMarked",
    "MarkRemoved",
    "MisheardExported",
)
"""What can be asked for by its name, in the order that it is offered."""
_FIELDS = ("anknytning", "av", "handelse", "om", "fran", "till")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, as it was written and as the store is asked."""

    fields: Mapping[str, str]
    faults: Mapping[str, str]
    """Keys of words, each by its field."""
    wanted: ChangesWanted
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it is read."""

    number: int
    at: datetime
    extension: Extension
    by: Hand
    event: str
    notes: tuple[Note, ...]
    gone: tuple[Outward, ...]
    new: tuple[Outward, ...]


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some of the trail, the last change first."""

    changes: tuple[Change, ...]
    first: str
    """Where the newest are; empty where these are they."""
    older: str
    """Where those before these are; empty where there are none."""


def asked(given: Mapping[str, str], words: Mapping[str, str]) -> Asked:
    """Read what is asked for; what cannot be read is blamed.

    Whose hand it was can be told by the `words` for it, each with what the trail has.
    """
    typed = {name: given.get(name, "").replace("\0", "") for name in _FIELDS}
    fields = {name: text.strip()[:_LONGEST] for name, text in typed.items()}
    since, until = _day(fields["fran"]), _day(fields["till"])
    faults = {
        name: "trail.bad_day"
        for name, day in (("fran", since), ("till", until))
        if fields[name] and day is None
    }
    before = given.get("fore", "")
    is_number = before.isascii() and before.isdecimal() and len(before) < 19
    return Asked(
        fields=fields,
        faults=faults,
        wanted=ChangesWanted(
            extension=Extension(fields["anknytning"]) if fields["anknytning"] else None,
            hand=_hand(fields["av"], words) or None,
            event=fields["handelse"] or None,
            subject=fields["om"] or None,
            since=None if since is None else at(since),
            until=None if until is None else at(until + timedelta(days=1)),
        ),
        before=int(before) if is_number else None,
    )


def trail_page(found: ChangesFound, wanted: Asked, seen: Discretion) -> TrailPage:
    """Return what is shown of the trail."""
    last = found.changes[-1].number if found.changes and found.more else None
    return TrailPage(
        changes=changes_of(found, seen),
        first="" if wanted.before is None else _address(wanted),
        older="" if last is None else _address(wanted, last),
    )


def changes_of(found: ChangesFound, seen: Discretion) -> tuple[Change, ...]:
    """Return changes as they are read."""
    return tuple(_change(each, seen) for each in found.changes)


def _change(noted: Noted, seen: Discretion) -> Change:
    entry = noted.entry
    return Change(
        number=noted.number,
        at=entry.at,
        extension=entry.extension,
        by=hand(entry.by),
        event=entry.event,
        notes=notes(entry),
        gone=seen.without(entry.before, entry.after),
        new=seen.without(entry.after, entry.before),
    )


def hands(words: Callable[[str], str]) -> dict[str, str]:
    """Return the words for each hand, and what the trail has for it."""
    keys = {name: hand(name).key for name in HANDS}
    return {words(key): name for name, key in keys.items()}


def _hand(text: str, words: Mapping[str, str]) -> str:
    mouth, between, who = text.partition(": ")
    return words.get(mouth, mouth) + between + who


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Those beyond have no day after them, or are no day of any trail.
    return day if 2000 <= day.year < 9000 else None


def _address(wanted: Asked, before: int | None = None) -> str:
    fields = {name: text for name, text in wanted.fields.items() if text}
    if before is not None:
        fields["fore"] = str(before)
    return f"{PATH}?{urlencode(fields)}" if fields else PATH
