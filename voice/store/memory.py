"""The twin of the databases: a store that lives as long as the program."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime

from voice.divert.model import Event, Extension, Standing
from voice.divert.routing import standing as living
from voice.divert.rules import applied
from voice.store.directory_port import ListingCheck
from voice.store.listings import (
    changes,
    holders,
    is_called_otherwise,
    lines_to_keep,
)
from voice.store.memory_accounts import MemoryAccounts, MemoryPasswords
from voice.store.memory_audit import MemoryAudit
from voice.store.memory_calls import MemoryCounts, MemoryLive, MemoryTranscripts
from voice.store.memory_contents import Contents
from voice.store.memory_credentials import MemoryCredentials
from voice.store.memory_hooks import MemoryHooks
from voice.store.memory_keys import MemoryKeys
from voice.store.memory_leases import MemoryLeases
from voice.store.memory_links import MemoryLinks, MemoryOwnBookings, MemoryReadings
from voice.store.memory_marks import MemoryMarks
from voice.store.memory_repeats import MemoryRepeats
from voice.store.memory_retention import MemoryRetention
from voice.store.memory_search import MemorySearch
from voice.store.memory_sessions import MemorySessions
from voice.store.port import (
    AuditEntry,
    Decide,
    ExtensionTakenError,
    Listing,
    Store,
    UnknownExtensionError,
)
from voice.store.values import in_utc, to_keep

# Nothing below waits, so nothing can come between a method's first line and its
# last: that is how this twin keeps the promise of one command at a time.


class MemoryDiverts:
    """The diverts of every extension."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def apply(
        self, extension: Extension, decide: Decide, now: datetime, by: str
    ) -> Event:
        """Decide on what stands, store what came of it and return the event."""
        self._contents.check()
        before = await self.standing(extension)
        event = decide(before)
        after = to_keep(extension, applied(event, before, now))
        if after != before:
            self._contents.standing[extension] = after
            what = type(event).__name__
            self._contents.audit.append(
                AuditEntry(
                    in_utc(now), extension, by, what, before.diverts, after.diverts
                )
            )
        return event

    async def standing(self, extension: Extension) -> Standing:
        """Return what stands on an extension."""
        if extension not in self._contents.listings:
            raise UnknownExtensionError(extension)
        return self._contents.standing.get(extension, Standing())

    async def everyone(self) -> Mapping[Extension, Standing]:
        """Return what stands on each extension of the directory."""
        standing = self._contents.standing
        return {
            extension: standing.get(extension, Standing())
            for extension in sorted(self._contents.listings)
        }

    async def of(self, some: Collection[Extension]) -> Mapping[Extension, Standing]:
        """Return what stands on some of them."""
        there = sorted(set(some) & self._contents.listings.keys())
        return {each: await self.standing(each) for each in there}

    async def diverted(
        self, now: datetime, after: Extension | None = None, limit: int = 100
    ) -> tuple[Extension, ...]:
        """Return the first on whom anything stands or is to come, by number."""
        found = sorted(
            extension
            for extension in self._contents.standing
            if living(self._contents.stands(extension), now)
            and (after is None or extension > after)
        )
        return tuple(found[:limit])


class MemoryDirectory:
    """Who has which extension."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def add(self, listing: Listing, now: datetime, by: str) -> None:
        """Add one extension, unless it is there already."""
        if listing.extension in self._contents.listings:
            raise ExtensionTakenError(listing.extension)
        await self.put([listing], now, by)

    async def put(
        self,
        listings: Sequence[Listing],
        now: datetime,
        by: str,
        gone: Set[Extension] = frozenset(),
        check: ListingCheck | None = None,
    ) -> None:
        """Add or change many, all or none; diverts are left as they stand."""
        if check is not None:
            check(self._contents.listings)
        wanted = {each.extension: each for each in lines_to_keep(listings)}
        known = dict(self._contents.listings)
        for extension in sorted(gone):
            await self.find(extension)
            del known[extension]
        holders((known | wanted).values())
        in_utc(now)  # a fault in it is one before anything is kept
        for extension in sorted(gone):
            await self.remove(extension, now, by)
        for extension, listing in wanted.items():
            before = self._contents.listings.get(extension)
            if before != listing:
                self._keep(extension, listing)
                if before is None:
                    self._contents.note(now, extension, by, "ExtensionAdded")
                else:
                    what = changes(before, listing)
                    self._contents.note(now, extension, by, "ExtensionChanged", what)

    async def remove(self, extension: Extension, now: datetime, by: str) -> None:
        """Remove an extension together with its diverts."""
        at = in_utc(now)
        await self.find(extension)
        before = self._contents.stands(extension)
        self._keep(extension, None)
        self._contents.forget(extension)
        self._contents.audit.append(
            AuditEntry(at, extension, by, "ExtensionRemoved", before, ())
        )

    async def find(self, extension: Extension) -> Listing:
        """Return one line of the directory."""
        try:
            return self._contents.listings[extension]
        except KeyError:
            raise UnknownExtensionError(extension) from None

    async def list(self) -> tuple[Listing, ...]:
        """Return the directory, by number."""
        listings = self._contents.listings
        return tuple(listings[extension] for extension in sorted(listings))

    async def holder(self, contact: str) -> Extension | None:
        """Return whom a mobile or a mail address is tied to; None is nobody."""
        return holders(self._contents.listings.values()).get(contact.lower())

    async def revision(self, whole: bool = False) -> int:
        """Return a number that grows when what anybody is called changes, or all."""
        return self._contents.revisions["listings" if whole else "directory"]

    def _keep(self, extension: Extension, listing: Listing | None) -> None:
        before = self._contents.listings.pop(extension, None)
        if listing is not None:
            self._contents.listings[extension] = listing
        self._contents.revisions["listings"] += 1
        if is_called_otherwise(before, listing):
            self._contents.revisions["directory"] += 1


def memory_store() -> Store:
    """Make an empty store that nothing outlives."""
    return _store(Contents())


def _store(contents: Contents) -> Store:
    return Store(
        MemoryDiverts(contents),
        MemoryDirectory(contents),
        MemoryTranscripts(contents),
        MemoryAudit(contents),
        MemoryCredentials(contents),
        MemoryLinks(contents),
        MemoryOwnBookings(contents),
        MemoryReadings(contents),
        MemorySearch(contents),
        MemoryLive(contents),
        MemoryMarks(contents),
        MemoryCounts(contents),
        MemoryRetention(contents),
        MemoryAccounts(contents),
        MemoryPasswords(contents),
        MemorySessions(contents),
        MemoryKeys(contents),
        MemoryHooks(contents),
        MemoryRepeats(contents),
        MemoryLeases(contents),
        lambda lease: _store(replace(contents, under=lease)),
    )
