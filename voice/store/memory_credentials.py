"""PINs in memory: the twin of those in a database."""

from dataclasses import replace
from datetime import datetime

from voice.divert.model import Extension
from voice.store.credentials_port import Count, Credential
from voice.store.memory_contents import Contents
from voice.store.port import UnknownExtensionError
from voice.store.values import tries_in_utc


class MemoryCredentials:
    """The PIN of each extension that has one."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def find(self, extension: Extension) -> Credential | None:
        """Return what the PIN is checked against; None where there is none."""
        return self._contents.credentials.get(extension)

    async def put(
        self, extension: Extension, kept: str, now: datetime, by: str
    ) -> None:
        """Keep the hash of a new PIN; wrong tries of an earlier one are forgotten."""
        self._check(extension)
        self._contents.note(now, extension, by, "PinSet")
        self._contents.credentials[extension] = Credential(kept)

    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Forget a PIN; removing one twice is not an error."""
        self._check(extension)
        if self._contents.credentials.pop(extension, None) is not None:
            self._contents.note(now, extension, by, "PinRemoved")

    async def count(
        self, extension: Extension, count: Count, now: datetime, by: str
    ) -> Credential | None:
        """Change the tries, and return what there was before; None where no PIN is."""
        before = self._contents.credentials.get(extension)
        if before is None:
            return None
        counted = count(before.tries)
        tries = tries_in_utc(counted.tries)
        if counted.event is not None:
            self._contents.note(now, extension, by, counted.event)
        self._contents.credentials[extension] = replace(before, tries=tries)
        return before

    def _check(self, extension: Extension) -> None:
        if extension not in self._contents.listings:
            raise UnknownExtensionError(extension)
