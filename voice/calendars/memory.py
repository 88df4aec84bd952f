"""The twin of the connectors: a calendar that lives as long as the program."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from voice.calendars.keys import entry_key
from voice.calendars.opened import with_proof
from voice.calendars.port import (
    Block,
    BusyError,
    CalendarError,
    Cursor,
    CursorExpiredError,
    Opening,
    Reading,
    Watch,
    Window,
)
from voice.divert.model import Entry, EntryKey


class MemoryCalendar:
    """A calendar of one person, with faults when they are asked for."""

    def __init__(self) -> None:
        self._entries: dict[EntryKey, Entry] = {}
        # At which revision each booking, there or gone, was last changed.
        self._changed: dict[EntryKey, int] = {}
        self._revision = 0
        # Cursors from before this revision have expired.
        self._oldest = 0
        self._faults: list[CalendarError] = []
        self.watches: list[Watch] = []

    async def read(self, window: Window, since: Cursor | None) -> Reading:
        """Return what changed since the cursor; the whole window when it is None."""
        self._stumble()
        if since is None:
            entries = tuple(self._within(window))
            return Reading(entries, (), self._cursor(window), whole=True)
        revision, before = _read_cursor(since)
        if revision < self._oldest:
            raise CursorExpiredError(
                "The calendar no longer knows what has changed: read it whole."
            )
        within = {entry.key: entry for entry in self._within(window)}
        changed = {key for key, at in self._changed.items() if at > revision}
        come = (
            entry
            for key, entry in within.items()
            if key in changed or not before.touches(entry.start, entry.end)
        )
        gone = tuple(key for key in self._changed if key in changed - within.keys())
        return Reading(tuple(come), gone, self._cursor(window), whole=False)

    async def find(self, key: str) -> Entry | None:
        """Return our booking as it is now."""
        self._stumble()
        return self._entries.get(entry_key(key))

    async def put(self, block: Block) -> None:
        """Write our booking, or move the one with its key."""
        self._stumble()
        start, end = block.start.astimezone(UTC), block.end.astimezone(UTC)
        entry = Entry(entry_key(block.key), block.mark, start, end, ours=True)
        self.keep(
            replace(entry, mark=None, private=True, free=True) if block.note else entry
        )

    async def drop(self, key: str) -> None:
        """Remove our booking."""
        self._stumble()
        self.remove(entry_key(key))

    async def set_opened(self, opening: Opening, opened: bool) -> None:
        """Write on a person's booking that its phone was opened, or strike that out."""
        self._stumble()
        entry = self._entries.get(opening.key)
        if entry is not None:
            carried = with_proof(entry.opened, opening.proof, opened)
            self.keep(replace(entry, opened=carried))

    async def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject."""
        self._stumble()
        entry = self._entries.get(opening.key)
        was = (opening.mark, opening.start, opening.end)
        if entry is not None and (entry.mark, entry.start, entry.end) == was:
            self.keep(replace(entry, mark=None))
        return True

    async def watch(self, address: str, token: str, until: datetime) -> Watch:
        """Keep a watch, which whoever tests calls by hand."""
        self._stumble()
        watch = Watch(f"watch-{len(self.watches)}-{token}", address, until)
        self.watches.append(watch)
        return watch

    async def unwatch(self, watch: Watch) -> None:
        """Forget a watch."""
        self._stumble()
        self.watches = [kept for kept in self.watches if kept != watch]

    async def close(self) -> None:
        """Do nothing, because nothing was opened."""

    def keep(self, entry: Entry) -> None:
        """Do as its owner does who makes or changes a booking."""
        if self._entries.get(entry.key) != entry:
            self._entries[entry.key] = entry
            self._note(entry.key)

    def remove(self, key: EntryKey) -> None:
        """Do as its owner does who removes a booking."""
        if self._entries.pop(key, None) is not None:
            self._note(key)

    def expire(self) -> None:
        """Let every cursor there is be too old."""
        self._revision += 1
        self._oldest = self._revision

    def fail(self, *faults: CalendarError) -> None:
        """Answer the next questions with these faults, one each."""
        self._faults += faults

    def mend(self) -> None:
        """Let no fault that was asked for come any more."""
        self._faults.clear()

    def entries(self) -> tuple[Entry, ...]:
        """Return every booking, as its owner sees them."""
        return tuple(self._entries.values())

    def _within(self, window: Window) -> Iterator[Entry]:
        for entry in self._entries.values():
            if window.touches(entry.start, entry.end):
                yield entry

    def _note(self, key: EntryKey) -> None:
        self._revision += 1
        self._changed[key] = self._revision

    def _cursor(self, window: Window) -> Cursor:
        start, end = window.start.isoformat(), window.end.isoformat()
        return Cursor(f"{self._revision} {start} {end}")

    def _stumble(self) -> None:
        if self._faults:
            raise self._faults.pop(0)


def busy(retry_after: float | None = None) -> BusyError:
    """Make the fault of a calendar that asks for patience."""
    return BusyError("The calendar is busy: it is tried again.", retry_after)


def _read_cursor(cursor: Cursor) -> tuple[int, Window]:
    revision, start, end = cursor.split(" ")
    within = Window(datetime.fromisoformat(start), datetime.fromisoformat(end))
    return int(revision), within
