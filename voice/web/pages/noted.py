"""What the trail has noted besides diverts, as it is read: by whom, of what, how."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from urllib.parse import quote

from voice.divert.model import Source
from voice.store.accounts_port import Role
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import CallId
from voice.web.pages.calls import path_of

HANDS = (
    *(source.value for source in Source),
    *("command line", "login", "oidc", "pin", "retention", "webhooks", "somebody"),
    "directory server",
)
"""What the trail has for by whom, before or without the name of somebody."""
_TURN = re.compile(r"turn (\d+)")
_CALLS = re.compile(r"(\d+) calls(?:, (\d+) mentions)?")
_ENDED_BEFORE = re.compile(r"calls that ended before (\S+)")
_CHANGES = re.compile(r"(\d+) changes")
_MADE_BEFORE = re.compile(r"changes made before (\S+)")
_SETTING = re.compile(r"([a-z]+)(?:-(\d+))?-(\w+)")
_REASON = re.compile(r"reasons\.toml (\S+)")


@dataclass(frozen=True, slots=True)
class Hand:
    """By whom something was done: a key of words, and a name where one is known."""

    key: str
    who: str


@dataclass(frozen=True, slots=True)
class Note:
    """A piece of what was noted: words by their key, or else a text as it stands."""

    text: str
    key: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    when: datetime | None = None
    """What fills {when}."""
    path: str = ""
    """Where it leads."""
    is_subject: bool = False
    """Whether it says what was changed, and those after it how."""


def hand(by: str) -> Hand:
    """Return by whom something was done."""
    mouth, _, who = by.partition(": ")
    if mouth not in HANDS:
        mouth, who = "", by
    return Hand(f"hand.{mouth.replace(' ', '_')}" if mouth else "", who)


def notes(entry: AuditEntry) -> tuple[Note, ...]:
    """Return what is told of a change besides the diverts that came and went."""
    told = _TOLD.get(entry.event, _as_it_is)
    found = [note for note in told(entry) if note.text or note.key]
    return tuple(
        replace(note, is_subject=nth == 0 and bool(entry.subject))
        for nth, note in enumerate(found)
    )


def _as_it_is(entry: AuditEntry) -> Iterator[Note]:
    yield Note(entry.subject)
    yield Note(entry.detail)


def _of_call(entry: AuditEntry) -> Iterator[Note]:
    path, turn = path_of(CallId(entry.subject)), _TURN.fullmatch(entry.detail)
    if turn is None:
        yield Note(entry.subject, "noted.call", path=path)
        yield Note(
            entry.detail, f"event.{entry.detail.lower()}" if entry.detail else ""
        )
        return
    number = int(turn[1]) + 1
    path = f"{path}?tur={number}#tur-{number}"
    yield Note(entry.subject, "noted.turn", {"number": number}, path=path)


def _erased(
    counted: re.Pattern[str], before: re.Pattern[str], key: str, entry: AuditEntry
) -> Iterator[Note]:
    """Tell how many were erased, and of before when."""
    several, time = counted.fullmatch(entry.detail), before.fullmatch(entry.subject)
    if several is None or time is None:
        yield from _as_it_is(entry)
        return
    when = datetime.fromisoformat(time[1])
    yield Note(entry.detail, key, {"count": several[1]}, when)


def _person_erased(entry: AuditEntry) -> Iterator[Note]:
    calls = _CALLS.fullmatch(entry.detail)
    if calls is None or calls[2] is None:
        yield from _as_it_is(entry)
        return
    values = {"calls": calls[1], "mentions": calls[2]}
    yield Note(entry.detail, "noted.person", values)


def _counted(entry: AuditEntry) -> Iterator[Note]:
    for part in entry.detail.split(", "):
        count, _, what = part.partition(" ")
        yield Note(part, f"noted.{what.replace(' ', '_')}", {"count": count})


def _exported(entry: AuditEntry) -> Iterator[Note]:
    yield Note(entry.detail, f"noted.{entry.detail}" if entry.detail else "")


def _of_account(entry: AuditEntry) -> Iterator[Note]:
    path = f"/installningar/konton/{quote(entry.subject, safe='')}"
    yield Note(entry.subject, path="" if entry.event == "AccountRemoved" else path)
    for word in entry.detail.split():
        known = word in (*Role, "disabled")
        yield Note(word, f"granted.{word}" if known else "")


def _of_program(entry: AuditEntry) -> Iterator[Note]:
    yield Note(entry.subject)
    for word in entry.detail.split():
        yield Note(word, f"programs.{word.replace(':', '_').replace('.', '_')}")


def _of_listing(entry: AuditEntry) -> Iterator[Note]:
    for word in entry.detail.split():
        yield Note(word, f"listed.{word}")


def _of_setting(entry: AuditEntry) -> Iterator[Note]:
    if reason := _REASON.fullmatch(entry.subject):
        yield Note(entry.subject, "noted.reason", {"code": reason[1]})
        for name in entry.detail.split(", "):
            yield Note(name, f"reasons.{name}")
        return
    if setting := _SETTING.fullmatch(entry.subject):
        yield Note(entry.subject, f"site_file.{setting[1]}_{setting[3]}")
    else:
        yield Note(entry.subject)
    yield Note(entry.detail.replace(" -> ", " → "))


_TOLD: Mapping[str, Callable[[AuditEntry], Iterator[Note]]] = {
    **dict.fromkeys(("CallCorrected", "CallHeard"), _of_call),
    **dict.fromkeys(("TurnMarked", "MarkRemoved"), _of_call),
    "CallsErased": partial(_erased, _CALLS, _ENDED_BEFORE, "noted.calls_before"),
    "ChangesErased": partial(_erased, _CHANGES, _MADE_BEFORE, "noted.changes_before"),
    "PersonErased": _person_erased,
    "PersonExported": _exported,
    "DirectorySynced": _counted,
    **dict.fromkeys(("AccountAdded", "AccountChanged", "AccountRemoved"), _of_account),
    **dict.fromkeys(("AccountLocked", "AccountUnlocked", "PasswordSet"), _of_account),
    **dict.fromkeys(("KeyAdded", "KeyRemoved"), _of_program),
    **dict.fromkeys(("HookAdded", "HookChanged", "HookRemoved"), _of_program),
    "ExtensionChanged": _of_listing,
    "SettingChanged": _of_setting,
}
