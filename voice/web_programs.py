"""Keys and hooks that administrators make through the web."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from voice.api_keys import ApiKeyError, check_key, give_key
from voice.hook_addresses import HookError, new_hook
from voice.store.access_faults import KeyTakenError
from voice.store.hooks_port import Hook, HookEvent
from voice.store.keys_port import ApiKey, KeySecret
from voice.store.port import Store
from voice.web.administration import NotKeptError


class Programs:
    """Keys and hooks, made so that nobody can guess what is secret in them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one_at_a_time = asyncio.Lock()

    async def give_key(self, key: ApiKey, now: datetime, by: str) -> KeySecret:
        """Make a key, and return its secret; NotKeptError blames fields."""
        if not key.scopes:
            raise NotKeptError(scope="programs.no_scope")
        try:
            check_key(key, now)
            return await give_key(self._store, key, now, by)
        except ApiKeyError:
            raise NotKeptError(name="programs.bad_name") from None
        except KeyTakenError:
            raise NotKeptError(name="programs.taken") from None

    async def add_hook(
        self, url: str, events: Iterable[HookEvent], now: datetime, by: str
    ) -> Hook:
        """Call an address from now on; NotKeptError blames fields."""
        wanted = frozenset(events)
        if not wanted:
            raise NotKeptError(event="programs.no_event")
        try:
            hook = new_hook(url, wanted)
        except HookError:
            raise NotKeptError(url="programs.bad_url") from None
        async with self._one_at_a_time:
            there = {each.hook.url for each in await self._store.hooks.list()}
            if hook.url in there:
                raise NotKeptError(url="programs.url_taken")
            await self._store.hooks.put(hook, now, by)
        return hook
