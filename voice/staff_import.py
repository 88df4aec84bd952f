"""What a staff list would change in the directory, looked at before it is done."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from voice.coupling.parting import Parting, partings
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.staff import Wrong
from voice.staff_lists import Fault, StaffList, StaffListError
from voice.store.port import Listing, MailTakenError, MobileTakenError, Store

Known: TypeAlias = Mapping[Extension, Listing]
"""The directory that a list was compared with."""
# A list that lacks more of the directory than this is taken for half a list.
_MOST_GONE = 10


class TooManyGoneError(VoiceError):
    """A list lacks so many extensions that it is hardly whole."""

    def __init__(self, gone: int, known: int) -> None:
        super().__init__(
            f"The list lacks {gone} of {known} extensions, more than a tenth: look "
            "whether it is whole, and give --force if they are all to be removed. "
            "Nothing is imported."
        )


class ChangedMeanwhileError(VoiceError):
    """The directory has been changed since a list was compared with it."""

    def __init__(self) -> None:
        super().__init__(
            "The staff directory was changed by others meanwhile: try again. Nothing "
            "of this is changed."
        )


@dataclass(frozen=True, slots=True)
class Import:
    """The lines that a list adds, changes and removes; the others stay."""

    added: tuple[Listing, ...]
    changed: tuple[Listing, ...]
    gone: tuple[Listing, ...]
    same: int


def counts(plan: Import) -> Mapping[str, int]:
    """Return how many a list adds, changes and removes."""
    return {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "removed": len(plan.gone),
    }


def planned(
    staff: StaffList,
    known: Known,
    remove_missing: bool,
    kept: Set[Extension] = frozenset(),
) -> Import:
    """Say what a list would change; StaffListError where it contradicts itself.

    Those in `kept` are never removed.
    """
    lines = {line.extension: line.on(known.get(line.extension)) for line in staff.lines}
    others = [each for each in known.values() if each.extension not in lines]
    gone = [each for each in others if remove_missing and each.extension not in kept]
    left = known.keys() - {each.extension for each in gone}
    _check(staff, lines, [known[number] for number in left])
    added = tuple(each for number, each in lines.items() if number not in known)
    changed = (
        each for number, each in lines.items() if known.get(number, each) != each
    )
    differing = tuple(changed)
    return Import(
        added=added,
        changed=differing,
        gone=tuple(gone),
        same=len(lines) - len(added) - len(differing),
    )


def check_gone(plan: Import, known: Known) -> None:
    """Refuse a plan that removes so many that the list is hardly whole."""
    if is_half_a_list(plan, known):
        raise TooManyGoneError(len(plan.gone), len(known))


def is_half_a_list(plan: Import, known: Known) -> bool:
    """Tell whether a plan removes so many that the list is hardly whole."""
    return len(plan.gone) * _MOST_GONE > len(known)


async def carry_out(
    plan: Import, known: Known, store: Store, now: datetime, by: str
) -> tuple[Parting, ...]:
    """Change the directory as planned, all or nothing.

    Return what is ours in the calendars of those who are gone, to be taken out.
    ChangedMeanwhileError where any of it stands otherwise than is known.
    """
    wanted, gone = [*plan.added, *plan.changed], {e.extension for e in plan.gone}
    concerned = gone | {each.extension for each in wanted}

    def check(there: Known) -> None:
        if any(there.get(number) != known.get(number) for number in concerned):
            raise ChangedMeanwhileError

    parted = await partings(store, gone)
    try:
        await store.directory.put(wanted, now, by, gone, check)
    except (MobileTakenError, MailTakenError):
        # The plan gives nothing to two: somebody else has been given it since.
        raise ChangedMeanwhileError from None
    return parted


def _check(
    staff: StaffList, lines: Mapping[Extension, Listing], left: Iterable[Listing]
) -> None:
    """Tell of every mobile and mail address that would be that of two."""
    # Who has something and keeps it has it, wherever their line stands.
    whose = {
        contact: each.extension
        for each in left
        for contact in _contacts(each)
        if contact in _contacts(lines.get(each.extension, each))
    }
    faults: list[Fault] = []
    for line in staff.lines:
        for contact in _contacts(lines[line.extension]):
            other = whose.setdefault(contact, line.extension)
            if other != line.extension:
                text = f"{contact} is that of {other} too: leave it with one of them."
                faults.append(Fault(line.line, text, Wrong.TAKEN, contact, other))
    if faults:
        raise StaffListError(staff.name, faults)


def _contacts(listing: Listing) -> tuple[str, ...]:
    return (*listing.mobiles, *filter(None, [listing.mail]))
