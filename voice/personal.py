"""One person's data: handed to them, or let go of with the sound of their calls."""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum

from voice.calls.recording import Tapes
from voice.coupling.parting import Parting, partings
from voice.divert.model import Extension
from voice.language.catalog import Catalog
from voice.language.masking import Mask, mask, masked
from voice.store.person import Erased, Held, erase_person, of_person
from voice.store.port import Store, UnknownExtensionError
from voice.store.receipts import person_exported

# What a calendar or a form proves itself with is no personal data, and a secret.
_SECRET = {"token", "csrf"}
# They tell of nobody, and are what the person may refer to.
_WHOLE = {"id", "call", "key", "extension", "caller", "place"}


async def export(
    store: Store, extension: Extension, veil: Mask | None = None
) -> object:
    """Return all that is held on a person, as values that JSON has.

    Under a mask, no name and no personal number is left in any text.
    """
    held = await of_person(store, extension)
    if not _is_anything(held):
        raise UnknownExtensionError(extension)
    strike = (lambda text: text) if veil is None else _under(veil)
    # Of thousands of calls this takes seconds, in which others are to be answered.
    return await asyncio.to_thread(_plain, held, strike)


async def hand_over(
    store: Store, extension: Extension, veil: Mask | None, now: datetime, by: str
) -> str:
    """Return all that is held on a person, as JSON; the trail tells who asked."""
    held = await export(store, extension, veil)
    text = await asyncio.to_thread(json.dumps, held, ensure_ascii=False, indent=2)
    await store.audit.note(person_exported(extension, now, by, veil is not None))
    return text


async def mask_of(store: Store, catalog: Catalog) -> Mask:
    """Return what strikes out everybody in the directory."""
    listings = await store.directory.list()
    names = [name for each in listings for name in (each.name, *each.search)]
    return mask(names, catalog.numbers)


async def let_go(
    store: Store, tapes: Tapes, extension: Extension, now: datetime, by: str
) -> tuple[Erased, tuple[Parting, ...]]:
    """Erase all that is held on a person, if no call of theirs goes on.

    Return how much it was, and what is ours in their calendar, to be taken out.
    """
    parted = await partings(store, [extension])
    calls = [each.call for each in (await of_person(store, extension)).calls]
    if all(call.ended for call in calls):
        # First: when the calls are gone, nobody knows whose sound it was.
        for call in calls:
            await tapes.erase(call.id)
    return await erase_person(store, extension, now, by), parted


def _is_anything(held: Held) -> bool:
    parts = (held.calls, held.mentions, held.changes, held.accounts, held.answers)
    return held.listing is not None or any(parts)


def _under(veil: Mask) -> Callable[[str], str]:
    return lambda text: masked(text, veil)


def _plain(value: object, strike: Callable[[str], str]) -> object:
    match value:
        case Enum():
            return value.value
        case str():
            return strike(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(each, strike) for key, each in value.items()}
        case Collection():
            several = [_plain(each, strike) for each in value]
            return sorted(several, key=str) if isinstance(value, frozenset) else several
        case _ if is_dataclass(value):
            return {
                field.name: _plain(
                    each,
                    str if field.name in _WHOLE and isinstance(each, str) else strike,
                )
                for field in fields(value)
                if field.name not in _SECRET
                for each in (getattr(value, field.name),)
            }
        case _:
            return value
