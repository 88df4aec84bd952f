"""Opens whatever calendar a link names; what all of a kind can share is opened once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from voice.calendars.caldav import CaldavCalendar
from voice.calendars.caldav_wire import Account
from voice.calendars.google import GoogleCalendar
from voice.calendars.google_wire import Workspace, read_key
from voice.calendars.graph import Graph, open_graph
from voice.calendars.ics import IcsCalendar
from voice.calendars.ics_fields import Reader
from voice.calendars.outlook import OutlookCalendar
from voice.calendars.outlook_tokens import EntraTokens
from voice.calendars.port import AccessDeniedError, Calendar
from voice.calendars.settings import (
    CalendarAccess,
    GoogleSettings,
    OutlookSettings,
)
from voice.divert.model import Reason, ReasonCode
from voice.store.links_port import Link, LinkKind


class Calendars:
    """Every calendar that we are let into."""

    def __init__(
        self,
        access: CalendarAccess,
        reasons: Mapping[ReasonCode, Reason],
        shared: AsyncExitStack,
    ) -> None:
        """Keep what calendars share on a stack that somebody else closes."""
        self._access, self._reasons, self._shared = access, reasons, shared
        self._one_at_a_time = asyncio.Lock()
        self._workspace: Workspace | None = None
        self._graph: Graph | None = None

    @asynccontextmanager
    async def open(self, link: Link) -> AsyncIterator[Calendar]:
        """Give somebody's calendar, and close it afterwards."""
        calendar = await self._made(link)
        try:
            yield calendar
        finally:
            await calendar.close()

    async def _made(self, link: Link) -> Calendar:
        match link.kind:
            case LinkKind.GOOGLE:
                workspace = await self._to_google()
                return GoogleCalendar(workspace, link.address, self._reasons)
            case LinkKind.OUTLOOK:
                graph = await self._to_microsoft()
                return OutlookCalendar(graph, link.address, self._reasons)
            case LinkKind.CALDAV:
                return CaldavCalendar(self._account(link.address), self._reader(link))
            case LinkKind.ICS:
                return IcsCalendar(link.address, self._reader(link))

    def _reader(self, link: Link) -> Reader:
        return Reader(self._reasons, link.owner or None)

    def _account(self, address: str) -> Account:
        settings = self._access.caldav
        if not (settings.user and settings.password):
            raise AccessDeniedError(
                "There is no account for CalDAV: write user in [caldav], and set "
                "TELEFONIST_CALDAV_PASSWORD in the environment."
            )
        vouch = None if settings.authorities is None else str(settings.authorities)
        return Account(address, settings.user, settings.password, vouch)

    async def _to_google(self) -> Workspace:
        async with self._one_at_a_time:
            if self._workspace is None:
                # The description of the API is read from a file, which takes its time.
                self._workspace = await asyncio.to_thread(_workspace, self._access)
                self._shared.push_async_callback(self._workspace.close)
            return self._workspace

    async def _to_microsoft(self) -> Graph:
        async with self._one_at_a_time:
            if self._graph is None:
                settings = self._access.outlook
                tokens = EntraTokens(_proven(settings))
                self._shared.push_async_callback(tokens.close)
                way = open_graph(tokens, settings.graph)
                self._graph = await self._shared.enter_async_context(way)
            return self._graph


@asynccontextmanager
async def open_calendars(
    access: CalendarAccess, reasons: Mapping[ReasonCode, Reason]
) -> AsyncIterator[Calendars]:
    """Give the calendars of every kind, and close what they share at the end."""
    async with AsyncExitStack() as shared:
        yield Calendars(access, reasons, shared)


def _workspace(access: CalendarAccess) -> Workspace:
    settings: GoogleSettings = access.google
    if settings.key is None:
        raise AccessDeniedError(
            "There is no service account for Google: name its key file in [google] key."
        )
    return Workspace(read_key(settings.key), settings.address)


def _proven(settings: OutlookSettings) -> OutlookSettings:
    if not (settings.tenant and settings.client):
        raise AccessDeniedError(
            "There is no application for Outlook: write its tenant and client in "
            "[outlook]."
        )
    if not (settings.secret or settings.certificate):
        raise AccessDeniedError(
            "The application for Outlook has nothing to prove itself with: name a "
            "certificate in [outlook], or set TELEFONIST_OUTLOOK_SECRET."
        )
    return settings
