"""What we ask of any database about letting go of what it holds on people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.divert.model import Extension
from voice.store.audit_port import AuditEntry
from voice.store.calls_port import Call, Turn


@dataclass(frozen=True, slots=True)
class Named:
    """Whom others may have spoken of: by the whole name, or meaning the number."""

    extension: Extension
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """What was said of a person in a call."""

    call: Call
    turn: Turn


class Retention(Protocol):
    """Lets go of what is held on people.

    Calls that go on are never touched, and no call waits while others are erased.
    """

    async def erasable(self, before: datetime) -> int:
        """Count the calls that ended before an instant."""
        ...

    async def erase_before(self, before: datetime, now: datetime, by: str) -> int:
        """Erase the calls that ended before an instant, and return how many.

        One receipt on the trail tells how many, also when the program is killed in the
        middle; where there are none, none is written.
        """
        ...

    async def erase_changes_before(
        self, before: datetime, now: datetime, by: str
    ) -> int:
        """Erase what the trail tells of before an instant, and return how many changes.

        One receipt tells how many, as it does for calls.
        """
        ...

    async def erase_calls(self, extension: Extension) -> int:
        """Erase the calls from an extension and those to it, and return how many."""
        ...

    async def mentions(self, named: Named) -> tuple[Mention, ...]:
        """Return where a person is spoken of, in the order of calls and turns."""
        ...

    async def forget_mentions(self, named: Named) -> int:
        """Strike a person out of what was said, and of what was misheard.

        Return in how many turns and marks.
        """
        ...

    async def forget_changes(
        self, extension: Extension, logins: Collection[str], receipt: AuditEntry
    ) -> int:
        """Let what the trail tells of a person tell of nobody, and add a receipt.

        What happened, and when, stays; return of how many changes.
        """
        ...
