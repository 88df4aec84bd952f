"""An office where diverts are changed, and hooks are told of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from hook_receiver import PATIENCE, Receiver
from web_house import ANNA, NOW, Clock

from voice.divert.model import Command, Extension, ReasonCode, SetDivert, Site, Source
from voice.hook_addresses import new_hook
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.database import open_store
from voice.store.hooks_port import Hook, Hooked, HookEvent
from voice.store.port import Store
from voice.web.hooks.calling import calling
from voice.web.hooks.telling import Teller

HOUR = timedelta(hours=1)


class Office:
    """Where diverts are changed, and hooks are told of it."""

    def __init__(self, store: Store, catalog: Catalog, teller: Teller) -> None:
        self.store, self.teller, self.clock = store, teller, Clock()
        self._door = Door(store, Site(catalog.reasons))

    async def obeys(self, *commands: Command) -> None:
        for command in commands:
            await self._door.obey(command, self.clock.now, Source.VOICE)

    async def hooks(self, receiver: Receiver, *events: HookEvent) -> Hook:
        hook = new_hook(receiver.url, events or HookEvent)
        await self.store.hooks.put(hook, self.clock.now, "test")
        return hook

    async def tells(self) -> None:
        """Tell each hook once, whether its time has come or not."""
        hooks = await self.store.hooks.list()
        await asyncio.gather(*map(self.teller.tell, hooks))

    async def hooked(self) -> Hooked:
        (only,) = await self.store.hooks.list()
        return only


@asynccontextmanager
async def opened(address: str, catalog: Catalog) -> AsyncIterator[Office]:
    """Open an office over a store, as a program does that was just started."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(address))
        caller = await stack.enter_async_context(calling((), PATIENCE))
        teller = Teller(store, catalog, caller, lambda: office.clock.now)
        office = Office(store, catalog, teller)
        yield office


def sets(reason: str = "SAM", of: Extension = ANNA, hours: float = 1) -> SetDivert:
    return SetDivert(of, ReasonCode(reason), NOW + hours * HOUR)
