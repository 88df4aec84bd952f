"""The staff directory, made as a site's directory server has it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from voice.coupling.parting import Parting
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.ldap.entries import Entry
from voice.ldap.settings import LdapSettings
from voice.numbering import NumberPlan
from voice.staff import Written
from voice.staff_import import Import, Known, carry_out, counts, planned
from voice.staff_ldap import LeftOut, Listed, listed
from voice.staff_lists import Fault, StaffList, StaffListError
from voice.store.port import Store
from voice.store.receipts import directory_synced

Read: TypeAlias = Callable[[], Awaitable[tuple[Entry, ...]]]
"""Tells everybody whom a directory server lists."""
_NAME = "LDAP"


class NobodyListedError(VoiceError):
    """A directory server lists nobody who can be taken; nothing is changed."""

    def __init__(self, people: int) -> None:
        lists = (
            f"none of whom can be taken of the {people} whom it lists: `telefonist "
            "extension sync --dry-run` tells why"
            if people
            else "nobody who has a number: look at base, filter and number in [ldap]"
        )
        super().__init__(f"The directory server tells {lists}. Nothing is changed.")


@dataclass(frozen=True, slots=True)
class Sync:
    """What is to be changed, what is left as it is, and what was compared with."""

    people: int
    plan: Import
    left_out: tuple[LeftOut, ...]
    known: Known

    def check(self) -> None:
        """Refuse one by which nobody would be left of whom anything is told."""
        if not (self.plan.added or self.plan.changed or self.plan.same):
            raise NobodyListedError(self.people)


async def compared(
    read: Read, store: Store, settings: LdapSettings, plan: NumberPlan
) -> Sync:
    """Say what the directory server would change; nothing is changed yet."""
    entries = await read()
    known = {each.extension: each for each in await store.directory.list()}
    # Thousands of people take a second, in which others are to be answered.
    return await asyncio.to_thread(_compared, entries, known, settings, plan)


async def synced(
    plan: Import, known: Known, store: Store, now: datetime, by: str
) -> tuple[Parting, ...]:
    """Change the directory, all or nothing, with a receipt on the audit trail.

    Return what is ours in the calendars of those who are gone. ChangedMeanwhileError
    where any of it stands otherwise than is known.
    """
    if not (plan.added or plan.changed or plan.gone):
        return ()
    parted = await carry_out(plan, known, store, now, by)
    await store.audit.note(directory_synced(now, by, counts(plan)))
    return parted


def settled(read: Listed, known: Known, settings: LdapSettings) -> Sync:
    """Plan all that can be done without anything being that of two."""
    kept = read.unread | {Extension(each) for each in settings.kept}
    unread = read.unread_mails
    kept |= {each.extension for each in known.values() if each.mail in unread}
    lines = [replace(line, line=at) for at, line in enumerate(read.lines, 1)]
    left_out = list(read.left_out)
    while True:
        try:
            staff = StaffList(_NAME, tuple(lines))
            plan = planned(staff, known, settings.remove_missing, kept)
            return Sync(read.people, plan, tuple(left_out), known)
        except StaffListError as error:
            for fault in error.faults:
                line = lines[fault.line - 1]
                lines[fault.line - 1] = _without(line, fault)
                left_out.append(LeftOut(read.who[line.extension], fault))


def _compared(
    entries: tuple[Entry, ...],
    known: Known,
    settings: LdapSettings,
    plan: NumberPlan,
) -> Sync:
    return settled(listed(entries, settings, plan), known, settings)


def _without(line: Written, fault: Fault) -> Written:
    """Leave as it was what would be that of two.

    What somebody has is theirs, so that nothing is left alone twice.
    """
    if "@" in fault.what:
        return replace(line, mail=None)
    return replace(line, mobiles=None)
