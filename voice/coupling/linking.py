"""Lets a phone follow a calendar, or none any more, whoever asks for it."""

from dataclasses import replace

from voice.calendars.port import CalendarError
from voice.coupling.following import Coupled, let_go
from voice.coupling.watching import unwatch
from voice.coupling.writing_back import withdraw
from voice.divert.model import Extension
from voice.store.links_port import Link, Linked


async def follow_calendar(link: Link, coupled: Coupled, by: str) -> tuple[str, ...]:
    """Follow a calendar; return why an earlier one may call a while longer."""
    store, now = coupled.door.store, coupled.now()
    listing = await store.directory.find(link.extension)
    there = await store.links.list(link.extension)
    told = [await _leave(each, coupled) for each in there if each.link != link]
    await store.links.put(link, now, by)
    await store.directory.put([replace(listing, coupled=True)], now, by)
    return tuple(filter(None, told))


async def follow_none(
    extension: Extension, coupled: Coupled, by: str
) -> tuple[str, ...]:
    """Follow no calendar; return why the earlier one may call a while longer.

    Diverts from it end, and our bookings in it are removed.
    """
    store, now = coupled.door.store, coupled.now()
    listing = await store.directory.find(extension)
    told = [await _leave(each, coupled) for each in await store.links.list(extension)]
    await store.links.remove(extension, now, by)
    await store.directory.put([replace(listing, coupled=False)], now, by)
    await let_go(extension, coupled)
    return tuple(filter(None, told))


async def _leave(linked: Linked, coupled: Coupled) -> str:
    """Leave nothing of ours in a calendar that is followed no more."""
    await withdraw(linked, coupled)
    try:
        await unwatch(linked.link, linked.progress, coupled)
    except CalendarError as error:
        return str(error)
    return ""
