"""Links to calendars in memory: the twin of those in a database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from voice.divert.model import Entry, EntryKey, Extension
from voice.store.link_values import booking_in_utc, kept_in_utc, progress_in_utc
from voice.store.links_port import Kept, Link, Linked, OwnBooking, Progress
from voice.store.memory_contents import Contents
from voice.store.port import UnknownExtensionError
from voice.store.readings_port import ReadingsFound

_NEVER = datetime.max.replace(tzinfo=UTC)


class MemoryLinks:
    """Which calendar each extension follows."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def put(self, link: Link, now: datetime, by: str) -> None:
        """Follow a calendar; what was read of another one is forgotten."""
        self._contents.check()
        self._check(link.extension)
        before, _ = self._contents.links.get(link.extension, (None, None))
        if before != link:
            self._contents.note(now, link.extension, by, "CalendarLinked")
            self._contents.links[link.extension] = link, Progress()
            self._contents.kept.pop(link.extension, None)

    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Follow no calendar; removing a link twice is not an error."""
        self._contents.check()
        self._check(extension)
        if self._contents.links.pop(extension, None) is not None:
            self._contents.kept.pop(extension, None)
            self._contents.note(now, extension, by, "CalendarUnlinked")

    async def list(self, *of: Extension) -> tuple[Linked, ...]:
        """Return every link, by extension; only those of some if any are given."""
        listings = self._contents.listings
        return tuple(
            Linked(link, progress, listings[link.extension].coupled)
            for extension, (link, progress) in sorted(self._contents.links.items())
            if not of or extension in of
        )

    async def kept(self, extension: Extension) -> Kept:
        """Return what was last read; nothing where there is no link."""
        return self._contents.kept.get(extension, Kept())

    async def keep(self, link: Link, progress: Progress, kept: Kept) -> bool:
        """Keep what was read, and how it went; False when the link is no more."""
        self._contents.check()
        kept = kept_in_utc(kept)
        if not self._note(link, progress):
            return False
        self._contents.kept[link.extension] = kept
        return True

    async def copies(self, keys: Iterable[EntryKey]) -> tuple[Entry, ...]:
        """Return everybody's coded copies of bookings, where a phone follows them."""
        wanted = frozenset(keys)
        return tuple(
            entry
            for extension, kept in sorted(self._contents.kept.items())
            if self._contents.listings[extension].coupled
            for entry in kept.entries
            if entry.mark is not None and entry.key in wanted - kept.opted_out
        )

    async def note(self, progress: Mapping[Link, Progress]) -> None:
        """Keep how the reading of many goes; links that are no more are passed over."""
        self._contents.check()
        for link, how in progress.items():
            self._note(link, how)

    def _note(self, link: Link, progress: Progress) -> bool:
        before, _ = self._contents.links.get(link.extension, (None, None))
        if before == link:
            kept = link, progress_in_utc(progress)
            self._contents.links[link.extension] = kept
        return before == link

    def _check(self, extension: Extension) -> None:
        if extension not in self._contents.listings:
            raise UnknownExtensionError(extension)


class MemoryReadings:
    """How the reading of all calendars goes."""

    def __init__(self, contents: Contents) -> None:
        self._links = MemoryLinks(contents)

    async def of_all(self, stale: datetime, limit: int = 100) -> ReadingsFound:
        """Return how it goes; what was read before an instant is too old."""
        there = [each for each in await self._links.list() if each.coupled]
        read = [each.progress.read_at for each in there if each.progress.read_at]
        wrong = [each for each in there if _is_wrong(each.progress, stale)]
        wrong.sort(key=lambda each: each.progress.failing_since or _NEVER)
        return ReadingsFound(
            count=len(there),
            unread=len(there) - len(read),
            oldest=min(read, default=None),
            wrong=len(wrong),
            worst=tuple(wrong[:limit]),
        )


def _is_wrong(progress: Progress, stale: datetime) -> bool:
    read_at, is_doubted = progress.read_at, progress.doubted_at is not None
    return bool(progress.fault) or is_doubted or read_at is None or read_at < stale


class MemoryOwnBookings:
    """Our own bookings in calendars."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def of(self, extension: Extension) -> tuple[OwnBooking, ...]:
        """Return those of one extension, by key."""
        bookings = self._contents.bookings
        return tuple(
            bookings[each] for each in sorted(bookings) if each[0] == extension
        )

    async def put(self, bookings: Iterable[OwnBooking]) -> None:
        """Write some down, each in the place of the one with its key; all or none."""
        self._contents.check()
        kept = [booking_in_utc(booking) for booking in bookings]
        for booking in kept:
            if booking.extension not in self._contents.listings:
                raise UnknownExtensionError(booking.extension)
        for booking in kept:
            self._contents.bookings[booking.extension, booking.key] = booking

    async def amend(self, before: OwnBooking, after: OwnBooking) -> bool:
        """Write one down in its own place if it is as it was before; tell whether."""
        self._contents.check()
        place = before.extension, before.key
        is_as_before = self._contents.bookings.get(place) == booking_in_utc(before)
        if is_as_before:
            self._contents.bookings[place] = booking_in_utc(after)
        return is_as_before

    async def forget(self, extension: Extension, keys: Iterable[str]) -> None:
        """Strike some out; one that is not there is no error."""
        self._contents.check()
        for key in keys:
            self._contents.bookings.pop((extension, key), None)

    async def unsettled(self) -> tuple[Extension, ...]:
        """Return the extensions that have any booking here, in order."""
        return tuple(sorted({extension for extension, _ in self._contents.bookings}))
