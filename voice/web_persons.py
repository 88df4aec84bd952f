"""All that is held on one person, for administrators who ask through the web."""

from datetime import datetime

from voice.calls.recording import Tapes
from voice.coupling.parting import partings
from voice.divert.model import Extension
from voice.language.catalog import Catalog
from voice.personal import hand_over, let_go, mask_of
from voice.store.port import Store
from voice.store.retention_port import Named
from voice.web.persons_port import Forgotten, Remnant
from voice.web_calendars import Calendars


class Persons:
    """Those in the directory, with all that is held on them."""

    def __init__(
        self, store: Store, tapes: Tapes, calendars: Calendars, catalog: Catalog
    ) -> None:
        self._store, self._tapes = store, tapes
        self._calendars, self._catalog = calendars, catalog

    async def remove(
        self, extension: Extension, now: datetime, by: str
    ) -> tuple[Remnant, ...]:
        """Remove one from the directory, and what we wrote into their calendar."""
        parted = await partings(self._store, [extension])
        await self._store.directory.remove(extension, now, by)
        return await self._calendars.take_leave(parted)

    async def export(
        self, extension: Extension, is_masked: bool, now: datetime, by: str
    ) -> bytes:
        """Return all that is held on one, in JSON; the trail tells who asked."""
        veil = await mask_of(self._store, self._catalog) if is_masked else None
        held = await hand_over(self._store, Named(extension), veil, now, by)
        return held.encode()

    async def erase(self, whose: Named, now: datetime, by: str) -> Forgotten:
        """Erase all that is held on one, with a receipt on the trail."""
        gone, parted = await let_go(self._store, self._tapes, whose, now, by)
        remnants = await self._calendars.take_leave(parted)
        return Forgotten(gone.calls, gone.mentions, remnants)
