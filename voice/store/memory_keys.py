"""Keys of other programs in memory: the twin of those in a database."""

from dataclasses import replace
from datetime import datetime

from voice.store.access_faults import KeyTakenError
from voice.store.access_trail import told
from voice.store.digests import digest
from voice.store.keys_port import USED_EVERY, ApiKey, KeySecret
from voice.store.memory_contents import Contents
from voice.store.values import in_utc


class MemoryKeys:
    """The keys of other programs."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def add(self, key: ApiKey, secret: KeySecret, now: datetime, by: str) -> None:
        """Keep a new key; KeyTakenError where one has its name."""
        if key.name in self._contents.keys:
            raise KeyTakenError(key.name)
        kept = _in_utc(key)
        self._contents.audit.append(told(now, by, "KeyAdded", key.name, key.scopes))
        self._contents.keys[key.name] = digest(secret), kept

    async def find(self, secret: KeySecret) -> ApiKey | None:
        """Return the key with this secret, also one that has expired; None is none."""
        wanted, keys = digest(secret), self._contents.keys.values()
        return next((key for kept, key in keys if kept == wanted), None)

    async def used(self, name: str, now: datetime) -> None:
        """Say that it is used; this is written down at most once an hour."""
        if name not in self._contents.keys:
            return
        kept, key = self._contents.keys[name]
        if key.last_used is None or now - key.last_used >= USED_EVERY:
            self._contents.keys[name] = kept, replace(key, last_used=in_utc(now))

    async def list(self) -> tuple[ApiKey, ...]:
        """Return every key, by name."""
        keys = self._contents.keys
        return tuple(keys[name][1] for name in sorted(keys))

    async def remove(self, name: str, now: datetime, by: str) -> None:
        """Remove a key; removing it twice is not an error."""
        if self._contents.keys.pop(name, None) is not None:
            self._contents.audit.append(told(now, by, "KeyRemoved", name))


def _in_utc(key: ApiKey) -> ApiKey:
    expires, last_used = key.expires, key.last_used
    return replace(
        key,
        created=in_utc(key.created),
        expires=None if expires is None else in_utc(expires),
        last_used=None if last_used is None else in_utc(last_used),
    )
