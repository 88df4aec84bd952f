"""What people are called, read of the whole directory when it has changed."""

import asyncio
from collections.abc import Collection, Mapping

from voice.divert.model import Extension
from voice.store.directory_port import Directory

# Many ask at the same moment, and a name may be so old.
_HOLDS_SECONDS = 1.0


class Names:
    """The names of a directory, by extension."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._kept: dict[Extension, str] = {}
        self._revision: int | None = None
        self._asked: float | None = None
        self._asking = asyncio.Lock()

    async def of(self, extensions: Collection[Extension]) -> Mapping[Extension, str]:
        """Return the names of some; who is not in the directory has none."""
        async with self._asking:
            await self._renew()
        return {one: self._kept[one] for one in extensions if one in self._kept}

    async def _renew(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._asked is not None and now - self._asked < _HOLDS_SECONDS:
            return
        revision = await self._directory.revision()
        if revision != self._revision:
            listings = await self._directory.list()
            self._kept = {each.extension: each.name for each in listings}
        self._revision, self._asked = revision, now
