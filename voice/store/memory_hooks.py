"""Those we call when a divert changes, in memory: the twin of those in a database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from voice.divert.model import Divert, Extension
from voice.store.access_faults import UnknownHookError
from voice.store.access_trail import told
from voice.store.hooks_port import (
    Delivery,
    Happened,
    Hook,
    Hooked,
    HookId,
    Next,
    Position,
)
from voice.store.memory_contents import Contents
from voice.store.values import in_utc


class MemoryHooks:
    """Those we call when a divert changes."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def put(self, hook: Hook, now: datetime, by: str) -> None:
        """Add or change one; a new one is told of what happens from now on."""
        before = self._contents.hooks.get(hook.id)
        if before is not None and before.hook == hook:
            return
        delivery = Delivery(Position(len(self._contents.audit)), in_utc(now))
        if before is not None:
            delivery = Delivery(before.delivery.position, before.delivery.clock)
        what = "HookAdded" if before is None else "HookChanged"
        self._contents.audit.append(told(now, by, what, hook.id, hook.events))
        self._contents.hooks[hook.id] = Hooked(hook, delivery)

    async def list(self) -> tuple[Hooked, ...]:
        """Return every hook, by id."""
        hooks = self._contents.hooks
        return tuple(hooks[id] for id in sorted(hooks))

    async def remove(self, id: HookId, now: datetime, by: str) -> None:
        """Call it no more; removing it twice is not an error."""
        if self._contents.hooks.pop(id, None) is not None:
            self._contents.audit.append(told(now, by, "HookRemoved", id))

    async def next_events(self, id: HookId, limit: int) -> Next:
        """Return the first changes that it has not been told of, in their order."""
        if id not in self._contents.hooks:
            raise UnknownHookError(id)
        known = self._contents.hooks[id].delivery.position
        later = self._happened()[known:]
        changes = tuple(each for each in later if each.before != each.after)[:limit]
        is_all = len(changes) < limit
        last = Position(len(self._contents.audit))
        return Next(changes, last if is_all else changes[-1].position)

    async def known(self, id: HookId) -> Mapping[Extension, tuple[Divert, ...]]:
        """Return what stood just after the last change that it knows."""
        if id not in self._contents.hooks:
            raise UnknownHookError(id)
        known = self._contents.hooks[id].delivery.position
        standing = self._contents.standing
        there = {extension: stands.diverts for extension, stands in standing.items()}
        for change in reversed(self._happened()[known:]):
            if change.before != change.after:
                there[change.extension] = change.before
        return {one: diverts for one, diverts in there.items() if diverts}

    async def delivered(self, id: HookId, position: Position, clock: datetime) -> None:
        """Keep how far it has been told; it never goes back."""
        hooked, at = self._contents.hooks.get(id), in_utc(clock)
        if hooked is None:
            return
        before = hooked.delivery
        if before.position <= position and before.clock <= at:
            kept = replace(hooked, delivery=Delivery(position, at))
            self._contents.hooks[id] = kept

    async def failed(self, id: HookId, fault: str, due: datetime) -> None:
        """Keep what a try ended with, and when the next is to be."""
        hooked = self._contents.hooks.get(id)
        if hooked is not None:
            before = hooked.delivery
            attempts, due = before.attempts + 1, in_utc(due)
            delivery = replace(before, attempts=attempts, due=due, fault=fault)
            self._contents.hooks[id] = replace(hooked, delivery=delivery)

    def _happened(self) -> tuple[Happened, ...]:
        return tuple(
            Happened(Position(place), e.at, e.extension, e.event, e.before, e.after)
            for place, e in enumerate(self._contents.audit, 1)
        )
