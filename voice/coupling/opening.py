"""Opens whatever calendar a link names; what all of a kind can share is opened once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from voice.calendar_measures import CalendarMeasures
from voice.calendars.port import AccessDeniedError, Asked, Calendar
from voice.calendars.settings import (
    CaldavAccount,
    CalendarAccess,
    CalendarSettings,
    GoogleSettings,
    OutlookSettings,
)
from voice.coupling.following import Coupled
from voice.coupling.pace import paces
from voice.divert.model import Reason, ReasonCode
from voice.obey import Door
from voice.store.links_port import Link, LinkKind

# The libraries of each kind are loaded only by those who have such a calendar: all of
# them together take longer than most commands.
if TYPE_CHECKING:
    from voice.calendars.caldav_clients import Clients
    from voice.calendars.google_wire import Workspace
    from voice.calendars.graph import Graph


class Calendars:
    """Every calendar that we are let into."""

    def __init__(
        self,
        access: CalendarAccess,
        reasons: Mapping[ReasonCode, Reason],
        shared: AsyncExitStack,
        asked: Callable[[LinkKind], None],
    ) -> None:
        """Keep what calendars share on a stack that somebody else closes.

        Each question to a server is told to `asked`, in whichever thread.
        """
        self._access, self._reasons, self._shared = access, reasons, shared
        self._asked = {kind: partial(asked, kind) for kind in LinkKind}
        self._one_at_a_time = asyncio.Lock()
        self._workspace: Workspace | None = None
        self._graph: Graph | None = None
        self._clients: dict[str, Clients] = {}

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
                return await self._at_google(link)
            case LinkKind.OUTLOOK:
                return await self._at_microsoft(link)
            case LinkKind.CALDAV:
                return await self._on_a_server(link)
            case LinkKind.ICS:
                return self._of_a_feed(link)

    async def _at_google(self, link: Link) -> Calendar:
        from voice.calendars.google import GoogleCalendar

        async with self._one_at_a_time:
            if self._workspace is None:
                # The description of the API is read from a file, which takes its time.
                self._workspace = await asyncio.to_thread(
                    _workspace, self._access.google, self._asked[LinkKind.GOOGLE]
                )
                self._shared.push_async_callback(self._workspace.close)
        return GoogleCalendar(self._workspace, link.address, self._reasons)

    async def _at_microsoft(self, link: Link) -> Calendar:
        from voice.calendars.graph import open_graph
        from voice.calendars.outlook import OutlookCalendar
        from voice.calendars.outlook_tokens import EntraTokens

        async with self._one_at_a_time:
            if self._graph is None:
                settings = self._access.outlook
                tokens = EntraTokens(_proven(settings))
                self._shared.push_async_callback(tokens.close)
                asked = self._asked[LinkKind.OUTLOOK]
                way = open_graph(tokens, settings.graph, asked=asked)
                self._graph = await self._shared.enter_async_context(way)
        return OutlookCalendar(self._graph, link.address, self._reasons)

    async def _on_a_server(self, link: Link) -> Calendar:
        from voice.calendars.caldav import CaldavCalendar
        from voice.calendars.caldav_accounts import account_for
        from voice.calendars.caldav_clients import Clients
        from voice.calendars.ics_fields import Reader

        account = _with_password(account_for(self._access.caldav, link.address))
        async with self._one_at_a_time:
            clients = self._clients.get(account.name)
            if clients is None:
                # Whom the system trusts is read from files, which takes its time.
                asked = self._asked[LinkKind.CALDAV]
                clients = await asyncio.to_thread(Clients, account, asked=asked)
                self._clients[account.name] = clients
                self._shared.callback(clients.close)
        reader = Reader(self._reasons, link.owner or None)
        return CaldavCalendar(link.address, clients, reader)

    def _of_a_feed(self, link: Link) -> Calendar:
        from voice.calendars.ics import IcsCalendar
        from voice.calendars.ics_fields import Reader

        reader = Reader(self._reasons, link.owner or None)
        return IcsCalendar(link.address, reader, self._asked[LinkKind.ICS])


@asynccontextmanager
async def open_calendars(
    access: CalendarAccess,
    reasons: Mapping[ReasonCode, Reason],
    asked: Callable[[LinkKind], None] = lambda kind: None,
) -> AsyncIterator[Calendars]:
    """Give the calendars of every kind, and close what they share at the end.

    Each question to a server is told to `asked`, in whichever thread.
    """
    async with AsyncExitStack() as shared:
        yield Calendars(access, reasons, shared, asked)


@asynccontextmanager
async def open_coupled(
    door: Door,
    access: CalendarAccess,
    settings: CalendarSettings,
    now: Callable[[], datetime],
    measures: CalendarMeasures,
) -> AsyncIterator[Coupled]:
    """Give what calendars are followed with; each question is counted and paced."""
    each = paces(settings.per_minute)

    def asked(kind: LinkKind) -> None:
        each[kind].asked()
        measures.asked(kind)

    async with open_calendars(access, door.site.reasons, asked) as calendars:
        yield Coupled(door, calendars.open, settings, now, each, measures)


def _workspace(settings: GoogleSettings, asked: Asked) -> "Workspace":
    from voice.calendars.google_wire import Workspace, read_key

    if settings.key is None:
        raise AccessDeniedError(
            "There is no service account for Google: name its key file in [google] key."
        )
    return Workspace(read_key(settings.key), settings.address, asked=asked)


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


def _with_password(account: CaldavAccount) -> CaldavAccount:
    remedies = {
        f"write user in [{account.section}]": account.user,
        f"set {account.variable} in the environment": account.password,
    }
    if missing := [remedy for remedy, there in remedies.items() if not there]:
        raise AccessDeniedError(
            f"There is no whole account for the calendar: {', and '.join(missing)}."
        )
    return account
