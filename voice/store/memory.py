"""The twin of the databases: a store that lives as long as the program."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from voice.divert.model import Event, Extension, Standing
from voice.divert.rules import applied
from voice.store.listings import holders, is_called_otherwise, lines_to_keep
from voice.store.memory_contents import Contents
from voice.store.memory_credentials import MemoryCredentials
from voice.store.memory_leases import MemoryLeases
from voice.store.memory_links import MemoryLinks, MemoryOwnBookings
from voice.store.port import (
    AuditEntry,
    Call,
    CallId,
    CallTakenError,
    Decide,
    ExtensionTakenError,
    Listing,
    Store,
    Turn,
    UnknownCallError,
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


class MemoryDirectory:
    """Who has which extension."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def add(self, listing: Listing, now: datetime, by: str) -> None:
        """Add one extension, unless it is there already."""
        if listing.extension in self._contents.listings:
            raise ExtensionTakenError(listing.extension)
        await self.put([listing], now, by)

    async def put(self, listings: Sequence[Listing], now: datetime, by: str) -> None:
        """Add or change many, all or none; diverts are left as they stand."""
        wanted = {each.extension: each for each in lines_to_keep(listings)}
        holders((self._contents.listings | wanted).values())
        in_utc(now)  # a fault in it is one before anything is kept
        for extension, listing in wanted.items():
            known = self._contents.listings.get(extension)
            if known != listing:
                what = "ExtensionAdded" if known is None else "ExtensionChanged"
                self._keep(extension, listing)
                self._contents.note(now, extension, by, what)

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

    async def holder(self, mobile: str) -> Extension | None:
        """Return whom a mobile is tied to; None is nobody."""
        return holders(self._contents.listings.values()).get(mobile)

    async def revision(self) -> int:
        """Return a number that grows when what anybody is called changes."""
        return self._contents.revisions["directory"]

    def _keep(self, extension: Extension, listing: Listing | None) -> None:
        before = self._contents.listings.pop(extension, None)
        if listing is not None:
            self._contents.listings[extension] = listing
        if is_called_otherwise(before, listing):
            self._contents.revisions["directory"] += 1


class MemoryTranscripts:
    """What was said in each call."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def begin(self, call: Call) -> None:
        """Open the transcript of a call."""
        if call.id in self._contents.calls:
            raise CallTakenError(call.id)
        ended = None if call.ended is None else in_utc(call.ended)
        call = replace(call, began=in_utc(call.began), ended=ended)
        self._contents.calls[call.id] = call
        self._contents.turns[call.id] = []

    async def add(self, call: CallId, turn: Turn) -> None:
        """Append one turn."""
        self._turns(call).append(turn)

    async def identify(self, call: CallId, caller: Extension) -> None:
        """Write who calls."""
        self._turns(call)
        begun = self._contents.calls[call]
        self._contents.calls[call] = replace(begun, caller=caller)

    async def end(self, call: CallId, outcome: str, at: datetime) -> None:
        """Write how and when the call ended."""
        self._turns(call)
        begun = self._contents.calls[call]
        self._contents.calls[call] = replace(begun, ended=in_utc(at), outcome=outcome)

    async def calls(
        self, limit: int = 100, extension: Extension | None = None
    ) -> tuple[Call, ...]:
        """Return the latest calls, newest first."""
        calls = (
            call
            for call in reversed(self._contents.calls.values())
            if extension in (None, call.caller)
        )
        newest = sorted(calls, key=lambda call: call.began, reverse=True)
        return tuple(newest[:limit])

    async def unfinished(self) -> tuple[Call, ...]:
        """Return the calls that nobody has ended, oldest first."""
        calls = self._contents.calls.values()
        open_calls = (call for call in calls if call.ended is None)
        return tuple(sorted(open_calls, key=lambda call: call.began))

    async def turns(self, call: CallId) -> tuple[Turn, ...]:
        """Return the turns of a call as they were added."""
        return tuple(self._turns(call))

    def _turns(self, call: CallId) -> list[Turn]:
        try:
            return self._contents.turns[call]
        except KeyError:
            raise UnknownCallError(call) from None


class MemoryAudit:
    """Every change there has been."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def entries(
        self, extension: Extension | None = None, limit: int = 100
    ) -> tuple[AuditEntry, ...]:
        """Return the latest changes, the last one first."""
        entries = [
            entry
            for entry in reversed(self._contents.audit)
            if extension in (None, entry.extension)
        ]
        return tuple(entries[:limit])


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
        MemoryLeases(contents),
        lambda lease: _store(replace(contents, under=lease)),
    )
