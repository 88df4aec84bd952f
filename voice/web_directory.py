"""The directory server, looked at and followed by administrators through the web."""

from datetime import datetime

from voice.ldap.faults import LdapError
from voice.ldap.settings import LdapSettings
from voice.numbering import NumberPlan
from voice.staff_import import ChangedMeanwhileError as ImportedMeanwhileError
from voice.staff_ldap import LeftOut
from voice.staff_sync import NobodyListedError, Read, compared, synced
from voice.store.port import Store
from voice.web.errors import ChangedMeanwhileError
from voice.web.persons_port import Remnant
from voice.web.staff_port import (
    ListFault,
    ServerChanges,
    ServerFault,
    ServerFaultError,
)
from voice.web_calendars import Calendars
from voice.web_staff import as_read, shown


class DirectoryServer:
    """The directory server of a site, where it has one."""

    def __init__(
        self,
        settings: LdapSettings,
        store: Store,
        plan: NumberPlan,
        calendars: Calendars,
        read: Read,
    ) -> None:
        self._settings, self._store, self._read = settings, store, read
        self._plan, self._calendars = plan, calendars

    @property
    def address(self) -> str:
        """Where it is; empty where there is none."""
        return self._settings.address

    @property
    def minutes(self) -> int:
        """How often the service looks at it; with 0, it does not."""
        return self._settings.sync_minutes

    async def read(self) -> ServerChanges:
        """Say what it would change now; ServerFaultError where it cannot be read."""
        it, plan = self._settings, self._plan
        try:
            sync = await compared(self._read, self._store, it, plan)
            sync.check()
        except (LdapError, NobodyListedError) as error:
            raise ServerFaultError(str(error)) from error
        left_out = tuple(map(_fault, sync.left_out))
        return ServerChanges(shown(sync.plan, sync.known), left_out)

    async def carry_out(
        self, changes: ServerChanges, now: datetime, by: str
    ) -> tuple[Remnant, ...]:
        """Change the directory, all or nothing; return what calendars may yet hold."""
        plan, known = as_read(changes.changes)
        try:
            parted = await synced(plan, known, self._store, now, by)
        except ImportedMeanwhileError:
            raise ChangedMeanwhileError from None
        return await self._calendars.take_leave(parted)


def _fault(left: LeftOut) -> ServerFault:
    fault = left.fault
    key = f"staff.{fault.wrong}"
    return ServerFault(left.who, ListFault(0, key, fault.what, fault.other))
