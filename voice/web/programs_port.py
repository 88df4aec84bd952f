"""What administrators ask of the house about programs that ask it, or are called."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from voice.store.hooks_port import Hook, HookEvent
from voice.store.keys_port import ApiKey, KeySecret


class Programs(Protocol):
    """Keys and hooks, made so that nobody can guess what is secret in them."""

    async def give_key(self, key: ApiKey, now: datetime, by: str) -> KeySecret:
        """Make a key, and return its secret; NotKeptError blames fields."""
        ...

    async def add_hook(
        self, url: str, events: Iterable[HookEvent], now: datetime, by: str
    ) -> Hook:
        """Call an address from now on; NotKeptError blames fields."""
        ...
