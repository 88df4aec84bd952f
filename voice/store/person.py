"""All that a store holds on one person: shown to them, or erased."""

from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Extension, Standing
from voice.store.accounts_port import Account
from voice.store.audit_port import AuditEntry, ChangesWanted
from voice.store.calls_port import Call, CallId, Turn
from voice.store.links_port import Kept, Linked, OwnBooking
from voice.store.marks_port import Misheard
from voice.store.port import (
    CallGoingOnError,
    Listing,
    Store,
    UnknownExtensionError,
)
from voice.store.receipts import person_erased
from voice.store.retention_port import Mention, Named
from voice.store.search_port import CallsWanted

# No store holds as many calls or changes of one person.
_ALL = 10**6


@dataclass(frozen=True, slots=True)
class Transcript:
    """A call with all that was said in it, and what of it was misheard."""

    call: Call
    turns: tuple[Turn, ...]
    marks: tuple[Misheard, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held on a person, but the hashes of secrets."""

    extension: Extension
    listing: Listing | None
    """None for somebody who has left the directory; then most else is gone too."""
    standing: Standing
    link: Linked | None
    kept: Kept
    bookings: tuple[OwnBooking, ...]
    has_pin: bool
    accounts: tuple[Account, ...]
    calls: tuple[Transcript, ...]
    """Those that the person made, and those that came to the person's number."""
    mentions: tuple[Mention, ...]
    """In calls of others."""
    changes: tuple[AuditEntry, ...]
    """Those of the extension and of the accounts, the last one first."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased, and how much was made to tell of nobody."""

    calls: int
    mentions: int
    changes: int


async def of_person(store: Store, extension: Extension) -> Held:
    """Return all that is held on a person; nothing but the number, if nothing is."""
    listing = await _listing(store, extension)
    accounts = await _accounts(store, extension)
    calls = await _calls(store, extension)
    theirs = {each.call.id for each in calls}
    spoken_of = await store.retention.mentions(_named(extension, listing))
    links = await store.links.list()
    return Held(
        extension,
        listing,
        Standing() if listing is None else await store.diverts.standing(extension),
        next((each for each in links if each.link.extension == extension), None),
        await store.links.kept(extension),
        await store.bookings.of(extension),
        await store.credentials.find(extension) is not None,
        accounts,
        calls,
        tuple(each for each in spoken_of if each.call.id not in theirs),
        await _changes(store, extension, accounts),
    )


async def erase_person(
    store: Store, extension: Extension, now: datetime, by: str
) -> Erased:
    """Erase all that is held on a person, with their line of the directory.

    What the trail tells of them tells of nobody afterwards, but for the receipt. When
    it is cut short, it can be done again, and does the rest.
    """
    listing = await _listing(store, extension)
    accounts = await _accounts(store, extension)
    if going_on := await _going_on(store, extension):
        raise CallGoingOnError(going_on)
    calls = await store.retention.erase_calls(extension)
    # While their name is known.
    mentions = await store.retention.forget_mentions(_named(extension, listing))
    if listing is not None:
        await store.directory.remove(extension, now, by)
    for account in accounts:
        await store.accounts.remove(account.login, now, by)
    known = ChangesWanted(extension)
    if listing is None and not calls and not (await store.audit.find(known)).changes:
        raise UnknownExtensionError(extension)
    detail = f"{calls} calls, {mentions} mentions"
    receipt = person_erased(extension, now, by, detail)
    logins = [account.login for account in accounts]
    changes = await store.retention.forget_changes(extension, logins, receipt)
    return Erased(calls, mentions, changes)


def _named(extension: Extension, listing: Listing | None) -> Named:
    return Named(extension, "" if listing is None else listing.name)


async def _listing(store: Store, extension: Extension) -> Listing | None:
    try:
        return await store.directory.find(extension)
    except UnknownExtensionError:
        return None


async def _accounts(store: Store, extension: Extension) -> tuple[Account, ...]:
    accounts = await store.accounts.list()
    return tuple(each for each in accounts if each.extension == extension)


async def _calls(store: Store, extension: Extension) -> tuple[Transcript, ...]:
    """Return the calls from an extension and to it, in their order."""
    found: dict[CallId, Call] = {}
    for wanted in (CallsWanted(extension=extension), CallsWanted(place=extension)):
        page = await store.search.find(wanted, limit=_ALL)
        found |= {each.call.id: each.call for each in page.calls}
    calls = sorted(found.values(), key=lambda call: (call.began, call.id))
    return tuple([await _transcript(store, call) for call in calls])


async def _transcript(store: Store, call: Call) -> Transcript:
    turns = await store.transcripts.turns(call.id)
    return Transcript(call, turns, await store.marks.of(call.id))


async def _going_on(store: Store, extension: Extension) -> CallId | None:
    for wanted in (
        CallsWanted(extension=extension, going_on=True),
        CallsWanted(place=extension, going_on=True),
    ):
        for found in (await store.search.find(wanted, limit=1)).calls:
            return found.call.id
    return None


async def _changes(
    store: Store, extension: Extension, accounts: tuple[Account, ...]
) -> tuple[AuditEntry, ...]:
    wanted = [ChangesWanted(extension)]
    wanted += [ChangesWanted(by=account.login) for account in accounts]
    wanted += [ChangesWanted(subject=account.login) for account in accounts]
    found = [await store.audit.find(each, limit=_ALL) for each in wanted]
    changes = {n.number: n.entry for each in found for n in each.changes}
    return tuple(changes[number] for number in sorted(changes, reverse=True))
