"""The directory server, looked at and followed by administrators through the web."""

from datetime import datetime

from voice.ldap.faults import LdapError
from voice.ldap.settings import LdapSettings
from voice.numbering import NumberPlan
from voice.staff_import import Import, is_half_a_list
from voice.staff_ldap import LeftOut
from voice.staff_sync import ChangedMeanwhileError as SyncedMeanwhileError
from voice.staff_sync import NobodyListedError, Read, compared, synced
from voice.store.port import Store
from voice.web.errors import ChangedMeanwhileError
from voice.web.persons_port import Remnant
from voice.web.staff_port import (
    ListChanges,
    ListFault,
    ServerChanges,
    ServerFault,
    ServerFaultError,
)
from voice.web_calendars import Calendars


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
        changes, known = sync.plan, sync.known
        return ServerChanges(
            ListChanges(
                added=changes.added,
                changed=tuple(
                    (known[each.extension], each) for each in changes.changed
                ),
                gone=changes.gone,
                same=changes.same,
                is_half=is_half_a_list(changes, known),
            ),
            tuple(map(_shown, sync.left_out)),
        )

    async def carry_out(
        self, changes: ServerChanges, now: datetime, by: str
    ) -> tuple[Remnant, ...]:
        """Change the directory, all or nothing; return what calendars may yet hold."""
        it = changes.changes
        changed = tuple(after for _, after in it.changed)
        plan = Import(it.added, changed, it.gone, it.same)
        before = (*it.gone, *(before for before, _ in it.changed))
        known = {each.extension: each for each in before}
        try:
            parted = await synced(plan, known, self._store, now, by)
        except SyncedMeanwhileError:
            raise ChangedMeanwhileError from None
        return await self._calendars.take_leave(parted)


def _shown(left: LeftOut) -> ServerFault:
    fault = left.fault
    key = f"staff.{fault.wrong}"
    return ServerFault(left.who, ListFault(0, key, fault.what, fault.other))
