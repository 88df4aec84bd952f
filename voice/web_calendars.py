"""Calendars that administrators let phones follow through the web."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from voice.calendar_measures import CalendarMeasures
from voice.calendars.caldav_accounts import account_for, is_same_server
from voice.config import Settings
from voice.coupling.following import Coupled
from voice.coupling.linking import Remains, follow_calendar, follow_none
from voice.coupling.opening import open_coupled
from voice.coupling.parting import Left, Parting, part
from voice.divert.model import Extension
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.setting_kinds import HERE
from voice.store.links_port import Link, LinkKind
from voice.store.listings import is_mail
from voice.web.administration import NotKeptError
from voice.web.persons_port import Remnant

_USERS = (LinkKind.GOOGLE, LinkKind.OUTLOOK)
# Longer than a calendar's own patience: whoever has clicked still waits.
_PATIENCE_SECONDS = 30.0


class Calendars:
    """Whose calendar each phone follows."""

    def __init__(
        self,
        chosen: Settings,
        door: Door,
        catalog: Catalog,
        now: Callable[[], datetime],
    ) -> None:
        self._chosen, self._door, self._catalog = chosen, door, catalog
        self._now = now

    async def link(self, link: Link, by: str) -> tuple[Remnant, ...]:
        """Let a phone follow a calendar; NotKeptError where there can be none such."""
        faults = {}
        if not _is_address(link):
            is_user = link.kind in _USERS
            faults["address"] = f"calendar.bad_{'user' if is_user else 'address'}"
        elif not await self._is_known(link):
            faults["address"] = "calendar.stranger"
        if link.owner and not is_mail(link.owner.lower()):
            faults["owner"] = "people.bad_mail"
        if faults:
            raise NotKeptError(**faults)
        async with self._opened() as coupled:
            return _remnants(await follow_calendar(link, coupled, by))

    async def unlink(self, extension: Extension, by: str) -> tuple[Remnant, ...]:
        """Let a phone follow no calendar; its diverts from one end."""
        async with self._opened() as coupled:
            return _remnants(await follow_none(extension, coupled, by))

    async def take_leave(self, parted: Collection[Parting]) -> tuple[Remnant, ...]:
        """Take what is ours out of the calendars of those who have left."""
        if not parted:
            return ()
        async with self._ways() as coupled:
            return _remnants(await part(parted, coupled, _PATIENCE_SECONDS))

    async def _is_known(self, link: Link) -> bool:
        """Tell whether the site's own password goes to nobody who had it not before.

        It opens everybody's calendar: which servers it is for, the machine's own
        administrators say, by the first calendar there.
        """
        caldav = self._chosen.access.caldav
        account = account_for(caldav, link.address)
        if link.kind is not LinkKind.CALDAV or account != caldav.usual:
            return True
        there = [each.link for each in await self._door.store.links.list()]
        return not account.password or any(
            each.kind is LinkKind.CALDAV and is_same_server(each.address, link.address)
            for each in there
        )

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Coupled]:
        """Open the way to calendars, for as long as somebody waits."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._ways() as coupled:
                yield replace(coupled, notes=self._catalog.notes)
        except TimeoutError:
            raise NotKeptError(form="calendar.late") from None

    def _ways(self) -> AbstractAsyncContextManager[Coupled]:
        chosen = self._chosen
        door, access, measures = self._door, chosen.access, CalendarMeasures()
        return open_coupled(door, access, chosen.calendars, self._now, measures)


def _remnants(remains: Iterable[Remains]) -> tuple[Remnant, ...]:
    left = (each for each in remains if isinstance(each, Left))
    return tuple(Remnant(each.extension, each.starts) for each in left)


def _is_address(link: Link) -> bool:
    """Tell whether a calendar of this kind can be there.

    Files of this machine are linked from its command line alone.
    """
    if link.kind in _USERS:
        return is_mail(link.address.lower())
    try:
        split = urlsplit(link.address)
        host = split.hostname
    except ValueError:
        return False
    is_safe = split.scheme == "https" or (split.scheme == "http" and host in HERE)
    return bool(host) and is_safe and not split.username and link.address.isprintable()
