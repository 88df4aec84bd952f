"""Lets a phone follow a calendar, or none any more, whoever asks for it."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from voice.calendars.port import CalendarError
from voice.coupling.following import Coupled, let_go
from voice.coupling.parting import Left
from voice.coupling.watching import unwatch
from voice.coupling.writing_back import withdraw
from voice.divert.model import Extension
from voice.store.links_port import Link, Linked


@dataclass(frozen=True, slots=True)
class StillCalls:
    """Why a calendar may call a while longer that is followed no more."""

    why: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        return f"The calendar may call a while longer, unheard: {self.why}"


Remains: TypeAlias = Left | StillCalls


async def follow_calendar(link: Link, coupled: Coupled, by: str) -> tuple[Remains, ...]:
    """Follow a calendar; return what may be left of an earlier one."""
    store, now = coupled.door.store, coupled.now()
    listing = await store.directory.find(link.extension)
    there = await store.links.list(link.extension)
    remains = [await _leave(each, coupled) for each in there if each.link != link]
    await store.links.put(link, now, by)
    await store.directory.put([replace(listing, coupled=True)], now, by)
    return tuple(each for some in remains for each in some)


async def follow_none(
    extension: Extension, coupled: Coupled, by: str
) -> tuple[Remains, ...]:
    """Follow no calendar; return what may be left of the earlier one.

    Diverts from it end, and our bookings in it are removed.
    """
    store, now = coupled.door.store, coupled.now()
    listing = await store.directory.find(extension)
    remains = [
        await _leave(each, coupled) for each in await store.links.list(extension)
    ]
    await store.links.remove(extension, now, by)
    await store.directory.put([replace(listing, coupled=False)], now, by)
    await let_go(extension, coupled)
    return tuple(each for some in remains for each in some)


async def _leave(linked: Linked, coupled: Coupled) -> tuple[Remains, ...]:
    """Leave nothing of ours in a calendar that is followed no more, or say what."""
    left = await withdraw(linked, coupled)
    remains = () if left is None else (left,)
    try:
        await unwatch(linked.link, linked.progress, coupled)
    except CalendarError as error:
        return (*remains, StillCalls(str(error)))
    return remains
