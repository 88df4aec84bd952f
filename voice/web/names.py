"""What people are called, asked for no more often than anybody would see."""

import asyncio
from collections.abc import Collection, Mapping

from voice.divert.model import Extension
from voice.web.staff import Staff

# Many ask at the same moment, and a name may be so old.
_HOLDS_SECONDS = 1.0


class Names:
    """The names of everybody, by extension."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._kept: Mapping[Extension, str] = {}
        self._asked: float | None = None
        self._asking = asyncio.Lock()

    async def of(self, extensions: Collection[Extension]) -> Mapping[Extension, str]:
        """Return the names of some; who is not in the directory has none."""
        async with self._asking:
            await self._renew()
        return {one: self._kept[one] for one in extensions if one in self._kept}

    async def _renew(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._asked is None or now - self._asked >= _HOLDS_SECONDS:
            self._kept = await self._staff.named()
            self._asked = now
