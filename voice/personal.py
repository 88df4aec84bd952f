"""One person's data: handed to them, or let go of with the sound of their calls."""

import asyncio
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum

from voice.calls.recording import Tapes
from voice.coupling.parting import Parting, partings
from voice.language.catalog import Catalog
from voice.language.masking import STRUCK_OUT, Mask, mask, masked
from voice.store.person import Erased, Held, calls_of, erase_person, of_person
from voice.store.port import Store, UnknownExtensionError
from voice.store.receipts import person_exported
from voice.store.retention_port import Named

# What a calendar or a form proves itself with is no personal data, and a secret.
_SECRET = {"token", "csrf"}
# They tell of nobody, and are what the person may refer to.
_WHOLE = {"id", "call", "key", "extension", "caller", "place"}
# Each tells whose it is without being a name.
_WHOSE = {"login", "mail", "mobiles", "address", "owner", "cursor"}
# Shorter parts of a login or a mail address are words of the language.
_SHORTEST_PART = 3
_PARTS = re.compile(r"[\W\d_]+")


async def export(store: Store, whose: Named, veil: Mask | None = None) -> object:
    """Return all that is held on a person, as values that JSON has.

    Under a mask, no name and no personal number is left in any text, and no address.
    """
    held = await of_person(store, whose.extension, whose.name)
    if not _is_anything(held):
        raise UnknownExtensionError(whose.extension)
    # Of thousands of calls this takes seconds, in which others are to be answered.
    return await asyncio.to_thread(_plain, held, veil)


async def hand_over(
    store: Store, whose: Named, veil: Mask | None, now: datetime, by: str
) -> str:
    """Return all that is held on a person, as JSON; the trail tells who asked."""
    held = await export(store, whose, veil)
    text = await asyncio.to_thread(json.dumps, held, ensure_ascii=False, indent=2)
    is_masked = veil is not None
    await store.audit.note(person_exported(whose.extension, now, by, is_masked))
    return text


async def mask_of(store: Store, catalog: Catalog) -> Mask:
    """Return what strikes out everybody in the directory."""
    listings, accounts = await store.directory.list(), await store.accounts.list()
    names = [name for each in listings for name in (each.name, *each.search)]
    addresses = [each.mail.partition("@")[0] for each in listings]
    logins = [each.login.partition("@")[0] for each in accounts]
    parts = (part for text in (*addresses, *logins) for part in _PARTS.split(text))
    longer = (part for part in parts if len(part) >= _SHORTEST_PART)
    return mask([*names, *longer], catalog.numbers)


async def let_go(
    store: Store, tapes: Tapes, whose: Named, now: datetime, by: str
) -> tuple[Erased, tuple[Parting, ...]]:
    """Erase all that is held on a person, if no call of theirs goes on.

    Return how much it was, and what is ours in their calendar, to be taken out.
    """
    extension = whose.extension
    parted = await partings(store, [extension])
    calls = await calls_of(store, extension)
    if all(call.ended for call in calls):
        # First: when the calls are gone, nobody knows whose sound it was.
        for call in calls:
            await tapes.erase(call.id)
    return await erase_person(store, extension, now, by, whose.name), parted


def _is_anything(held: Held) -> bool:
    parts = (held.calls, held.mentions, held.changes, held.accounts, held.answers)
    return held.listing is not None or any(parts)


def _plain(value: object, veil: Mask | None, name: str = "") -> object:
    """Return a value as JSON has it; `name` is that of the field that it is in."""
    match value:
        case Enum():
            return value.value
        case str():
            return value if veil is None else _under(value, veil, name)
        case date():
            return value.isoformat()
        case Mapping():
            return {
                str(_plain(key, veil, name)): _plain(each, veil, name)
                for key, each in value.items()
            }
        case Collection():
            several = [_plain(each, veil, name) for each in value]
            return sorted(several, key=str) if isinstance(value, frozenset) else several
        case _ if is_dataclass(value):
            return {
                field.name: _plain(getattr(value, field.name), veil, field.name)
                for field in fields(value)
                if field.name not in _SECRET
            }
        case _:
            return value


def _under(text: str, veil: Mask, name: str) -> str:
    if name in _WHOLE:
        return text
    return STRUCK_OUT if text and name in _WHOSE else masked(text, veil)
