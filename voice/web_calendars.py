"""Calendars that administrators let phones follow through the web."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from voice.calendar_measures import CalendarMeasures
from voice.config import Settings
from voice.coupling.following import Coupled
from voice.coupling.linking import follow_calendar, follow_none
from voice.coupling.opening import open_coupled
from voice.divert.model import Extension
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.setting_kinds import HERE
from voice.store.links_port import Link, LinkKind
from voice.store.listings import is_mail
from voice.web.administration import NotKeptError

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

    async def link(self, link: Link, by: str) -> None:
        """Let a phone follow a calendar; NotKeptError where there can be none such."""
        faults = {}
        if not _is_address(link):
            is_user = link.kind in _USERS
            faults["address"] = f"calendar.bad_{'user' if is_user else 'address'}"
        if link.owner and not is_mail(link.owner.lower()):
            faults["owner"] = "people.bad_mail"
        if faults:
            raise NotKeptError(**faults)
        async with self._opened() as coupled:
            await follow_calendar(link, coupled, by)

    async def unlink(self, extension: Extension, by: str) -> None:
        """Let a phone follow no calendar; its diverts from one end."""
        async with self._opened() as coupled:
            await follow_none(extension, coupled, by)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Coupled]:
        """Open the way to calendars, for as long as somebody waits."""
        ways = open_coupled(
            self._door,
            self._chosen.access,
            self._chosen.calendars,
            self._now,
            CalendarMeasures(),
        )
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), ways as coupled:
                yield replace(coupled, notes=self._catalog.notes)
        except TimeoutError:
            raise NotKeptError(form="calendar.late") from None


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
