"""What we ask of any database about those we call when a divert changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from voice.divert.model import Divert, Extension

HookId = NewType("HookId", str)
Position = NewType("Position", int)
"""A place on the audit trail; later changes have greater ones."""


class HookEvent(StrEnum):
    """What a hook is called for."""

    DIVERT_BEGUN = "divert.begun"
    DIVERT_CHANGED = "divert.changed"
    DIVERT_ENDED = "divert.ended"


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that is called, and what its calls are signed with."""

    id: HookId
    url: str
    secret: str = field(repr=False)
    events: frozenset[HookEvent] = frozenset(HookEvent)
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a hook has been told, and how that goes."""

    position: Position
    """The last change that it has been told of, and of all before it."""
    clock: datetime
    """It has been told what began or ended by itself until then."""
    attempts: int = 0
    """Tries since the last that went well."""
    due: datetime | None = None
    """When it is to be tried again; now, where it is not said."""
    fault: str = ""
    """What the last try ended with; nothing after one that went well."""


@dataclass(frozen=True, slots=True)
class Hooked:
    """A hook, and how far it has been told."""

    hook: Hook
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Happened:
    """A change of the diverts of an extension, and its place on the trail."""

    position: Position
    at: datetime
    extension: Extension
    event: str
    before: tuple[Divert, ...]
    after: tuple[Divert, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """The changes that are to be told next, and the place up to which these are all."""

    changes: tuple[Happened, ...]
    reaches: Position


class Hooks(Protocol):
    """Those we call; each that is added, changed or removed is on the audit trail."""

    async def put(self, hook: Hook, now: datetime, by: str) -> None:
        """Add or change one; a new one is told of what happens from now on.

        One that was changed is tried again at once, from where it was.
        """
        ...

    async def list(self) -> tuple[Hooked, ...]:
        """Return every hook, by id."""
        ...

    async def remove(self, id: HookId, now: datetime, by: str) -> None:
        """Call it no more; removing it twice is not an error."""
        ...

    async def next_events(self, id: HookId, limit: int) -> Next:
        """Return the first changes that it has not been told of, in their order.

        None is left out: one whose transaction is not done yet comes in its place the
        next time. UnknownHookError where there is no such hook.
        """
        ...

    async def known(self, id: HookId) -> Mapping[Extension, tuple[Divert, ...]]:
        """Return what stood, where something did, after the last change it knows.

        UnknownHookError where there is no such hook.
        """
        ...

    async def delivered(self, id: HookId, position: Position, clock: datetime) -> None:
        """Keep how far it has been told; it never goes back."""
        ...

    async def failed(self, id: HookId, fault: str, due: datetime) -> None:
        """Keep what a try ended with, and when the next is to be."""
        ...
