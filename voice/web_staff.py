"""Staff lists that come through the web, read and carried out as those in files are."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from voice.numbering import NumberPlan
from voice.staff_import import ChangedMeanwhileError as ImportedMeanwhileError
from voice.staff_import import Import, Known, carry_out, is_half_a_list, planned
from voice.staff_lists import StaffListError, read_list
from voice.store.port import Store
from voice.web.errors import ChangedMeanwhileError
from voice.web.persons_port import Remnant
from voice.web.staff_port import ListChanges, ListFault, ListRefusedError
from voice.web_calendars import Calendars

_NAME = "CSV"


class StaffLists:
    """The whole staff, as another system lists it in CSV."""

    def __init__(self, store: Store, plan: NumberPlan, calendars: Calendars) -> None:
        self._store, self._plan, self._calendars = store, plan, calendars

    async def read(self, content: bytes, remove_missing: bool) -> ListChanges:
        """Say what a list would change; ListRefusedError tells all that is wrong."""
        known = {each.extension: each for each in await self._store.directory.list()}
        try:
            # Thousands of lines take seconds, in which others are to be answered.
            staff = await asyncio.to_thread(read_list, content, _NAME, self._plan)
            plan = planned(staff, known, remove_missing)
        except StaffListError as error:
            raise ListRefusedError(
                [
                    ListFault(at.line, f"staff.{at.wrong}", at.what, at.other)
                    for at in error.faults
                ]
            ) from None
        return shown(plan, known, staff.unread)

    async def carry_out(
        self, changes: ListChanges, now: datetime, by: str
    ) -> tuple[Remnant, ...]:
        """Change the directory, all or nothing; return what calendars may yet hold."""
        plan, known = as_read(changes)
        try:
            parted = await carry_out(plan, known, self._store, now, by)
        except ImportedMeanwhileError:
            raise ChangedMeanwhileError from None
        return await self._calendars.take_leave(parted)


def shown(plan: Import, known: Known, unread: Sequence[str] = ()) -> ListChanges:
    """Return what a plan would change, as pages show it."""
    return ListChanges(
        added=plan.added,
        changed=tuple((known[each.extension], each) for each in plan.changed),
        gone=plan.gone,
        same=plan.same,
        is_half=is_half_a_list(plan, known),
        unread=tuple(unread),
    )


def as_read(changes: ListChanges) -> tuple[Import, Known]:
    """Return the plan that was shown, and how those stood whom it concerns."""
    changed = tuple(after for _, after in changes.changed)
    stood = (*changes.gone, *(before for before, _ in changes.changed))
    plan = Import(changes.added, changed, changes.gone, changes.same)
    return plan, {each.extension: each for each in stood}
