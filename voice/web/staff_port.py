"""What administrators ask of the house about the whole staff, as others list it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.errors import VoiceError
from voice.store.directory_port import Listing
from voice.web.persons_port import Remnant


@dataclass(frozen=True, slots=True)
class ListFault:
    """What is wrong on a line of a staff list; on none, what is wrong with all."""

    line: int
    key: str
    """Of the words that say it, filled in with `what` and `other`."""
    what: str
    other: str


class ListRefusedError(VoiceError):
    """A staff list cannot be taken; nothing of it is."""

    def __init__(self, faults: Sequence[ListFault]) -> None:
        super().__init__("Correct the list, and send it again.")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What a staff list would change in the directory."""

    added: tuple[Listing, ...]
    changed: tuple[tuple[Listing, Listing], ...]
    """Each as it is, and as it would be."""
    gone: tuple[Listing, ...]
    same: int
    is_half: bool
    """Whether so many would be removed that the list is hardly whole."""
    unread: tuple[str, ...] = ()
    """Columns of the list that nothing is taken from."""


class StaffDesk(Protocol):
    """The whole staff, as another system lists it in CSV."""

    async def read(self, content: bytes, remove_missing: bool) -> ListChanges:
        """Say what a list would change; ListRefusedError tells all that is wrong."""
        ...

    async def carry_out(
        self, changes: ListChanges, now: datetime, by: str
    ) -> tuple[Remnant, ...]:
        """Change the directory, all or nothing; return what calendars may still hold.

        ChangedMeanwhileError where any of it stands otherwise than was read.
        """
        ...


class ServerFaultError(VoiceError):
    """The directory server cannot be read, or lists nobody; the text says why."""


@dataclass(frozen=True, slots=True)
class ServerFault:
    """What is wrong of somebody there, and is left as it is here."""

    who: str
    fault: ListFault


@dataclass(frozen=True, slots=True)
class ServerChanges:
    """What the directory server would change in the directory."""

    changes: ListChanges
    left_out: tuple[ServerFault, ...]


class DirectoryDesk(Protocol):
    """The directory server of a site, where it has one."""

    @property
    def address(self) -> str:
        """Where it is; empty where there is none."""
        ...

    @property
    def minutes(self) -> int:
        """How often the service looks at it; with 0, it does not."""
        ...

    async def read(self) -> ServerChanges:
        """Say what it would change now; ServerFaultError where it cannot be read."""
        ...

    async def carry_out(
        self, changes: ServerChanges, now: datetime, by: str
    ) -> tuple[Remnant, ...]:
        """Change the directory, all or nothing; return what calendars may yet hold.

        ChangedMeanwhileError where any of it stands otherwise than was read.
        """
        ...
