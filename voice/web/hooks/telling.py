"""Tells every hook what happens, each at its own pace."""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from voice.divert.model import Extension
from voice.language.catalog import Catalog
from voice.store.access_faults import UnknownHookError
from voice.store.hooks_port import Hook, Hooked, HookId, Position
from voice.store.port import Store, StoreError
from voice.web.hooks.calling import Caller, CallError
from voice.web.hooks.happenings import (
    Diverts,
    Moment,
    Occurrence,
    Reach,
    after,
    moments,
)
from voice.web.hooks.letters import body, headers
from voice.web.hooks.patience import is_in_vain, pause
from voice.web.port import Clock

log = logging.getLogger(__name__)

BY = "webhooks"
_EVERY_SECONDS = 1.0
_AT_ONCE = 200
# So many calls of one hook go on at once: another's never wait for them.
_CALLS_AT_ONCE = 8
# How far a hook has been told is written down this often where nothing happens.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Stood:
    """What stood on phones when a hook had been told up to a place."""

    position: Position
    known: Mapping[Extension, Diverts]


class Teller:
    """Tells hooks what happens; only one program does it at a time."""

    def __init__(
        self, store: Store, catalog: Catalog, caller: Caller, now: Clock
    ) -> None:
        self._store, self._catalog = store, catalog
        self._caller, self._now = caller, now
        self._stood: dict[HookId, _Stood] = {}

    async def run(self) -> None:
        """Tell all that happens, until cancelled."""
        telling: dict[HookId, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                for hooked in await self._due():
                    id = hooked.hook.id
                    # One that is slow keeps no other waiting.
                    if id not in telling or telling[id].done():
                        telling[id] = group.create_task(self.tell(hooked))
                await asyncio.sleep(_EVERY_SECONDS)

    async def tell(self, hooked: Hooked) -> None:
        """Tell one hook what it has not been told, as far as it goes well."""
        try:
            while await self._told(hooked):
                hooked = await self._again(hooked.hook.id)
        except UnknownHookError:
            self._stood.pop(hooked.hook.id, None)
        except StoreError:
            log.debug("hook %s waits for the store", hooked.hook.id)

    async def _due(self) -> tuple[Hooked, ...]:
        try:
            hooks = await self._store.hooks.list()
        except StoreError:
            # The store itself tells the log, once; this asks again every second.
            return ()
        now = self._now()
        return tuple(
            each
            for each in hooks
            if each.hook.enabled
            and (each.delivery.due is None or each.delivery.due <= now)
        )

    async def _again(self, id: HookId) -> Hooked:
        hooks = {each.hook.id: each for each in await self._store.hooks.list()}
        if id not in hooks:
            raise UnknownHookError(id)
        return hooks[id]

    async def _told(self, hooked: Hooked) -> bool:
        """Tell some of what is new; return whether there is more to tell at once."""
        hook, delivery = hooked.hook, hooked.delivery
        now = self._now()
        stood = await self._stood_at(hook.id, delivery.position)
        following = await self._store.hooks.next_events(hook.id, _AT_ONCE)
        more = len(following.changes) >= _AT_ONCE
        since = Reach(delivery.position, delivery.clock)
        # Where there are more changes, time has not come further than these.
        to = Reach(following.reaches, since.clock if more else now)
        position = stood.position
        for moment in moments(stood.known, following.changes, since, to):
            if not await self._sent(hook, moment):
                return False
            is_long_ago = moment.clock - since.clock >= _NOTED_EVERY
            if moment.tells or following.changes or is_long_ago:
                position = moment.position
                await self._store.hooks.delivered(hook.id, position, moment.clock)
        known = after(stood.known, following.changes)
        self._stood[hook.id] = _Stood(position, known)
        return more

    async def _stood_at(self, id: HookId, position: Position) -> _Stood:
        stood = self._stood.pop(id, None)
        if stood is None or stood.position != position:
            stood = _Stood(position, await self._store.hooks.known(id))
        return stood

    async def _sent(self, hook: Hook, moment: Moment) -> bool:
        """Send what is told together; return whether all of it was taken."""
        free, faults = asyncio.Semaphore(_CALLS_AT_ONCE), list[str]()

        async def send(told: Occurrence) -> None:
            async with free:
                # Who has refused one is left in peace with the others.
                fault = None if faults else await self._call(hook, told)
            faults.extend([fault] if fault else ())

        wanted = (told for told in moment.tells if told.event in hook.events)
        await asyncio.gather(*map(send, wanted))
        if faults:
            await self._failed(hook.id, faults[0])
        return not faults

    async def _call(self, hook: Hook, told: Occurrence) -> str | None:
        """Tell of one occurrence; return what is wrong, if anything is."""
        text = body(told, self._catalog)
        head = headers(hook, told, self._catalog, text, self._now())
        try:
            await self._caller.call(hook.url, text, head)
        except CallError as error:
            return str(error)
        return None

    async def _failed(self, id: HookId, fault: str) -> None:
        """Write down that a hook was tried; one that is tried in vain is paused."""
        hooked, now = await self._again(id), self._now()
        attempts = hooked.delivery.attempts + 1
        if is_in_vain(attempts):
            paused = replace(hooked.hook, enabled=False)
            await self._store.hooks.put(paused, now, BY)
            log.error("hook %s is paused after a day: %s", id, fault)
        else:
            log.warning("hook %s is tried again: %s", id, fault)
        due = now + pause(attempts, random.random())
        await self._store.hooks.failed(id, fault, due)
