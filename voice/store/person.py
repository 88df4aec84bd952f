"""All that a store holds on one person: shown to them, or erased."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from voice.divert.model import Extension, Standing
from voice.store.access_trail import hands_of
from voice.store.accounts_port import Account, Login
from voice.store.audit_port import AuditEntry, ChangesWanted, Noted
from voice.store.calls_port import Call, CallId, Turn
from voice.store.credentials_port import Tries
from voice.store.links_port import Kept, Linked, OwnBooking
from voice.store.marks_port import Misheard
from voice.store.mentions import text_without
from voice.store.port import (
    CallGoingOnError,
    Listing,
    Store,
    UnknownExtensionError,
)
from voice.store.receipts import person_erased
from voice.store.repeats_port import Answer
from voice.store.retention_port import Mention, Named
from voice.store.search_port import CallsWanted
from voice.store.sessions_port import Session

# No store holds as many calls or changes of one person.
_ALL = 10**6
# A hook that works is told within a second or two.
_LOOKS, _BETWEEN_LOOKS = 25, 0.2


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
    pin: Tries | None
    """How the PIN was tried; None for somebody without one."""
    accounts: tuple[Account, ...]
    passwords: Mapping[Login, Tries]
    """How the password of each account was tried that has one."""
    sessions: tuple[Session, ...]
    calls: tuple[Transcript, ...]
    """Those that the person made, and those that came to the person's number."""
    mentions: tuple[Mention, ...]
    """In calls of others."""
    marks: tuple[Misheard, ...]
    """In calls of others: those that tell of the person, or are the person's own."""
    answers: tuple[Answer, ...]
    """What programs were answered, for as long as they may ask again."""
    changes: tuple[AuditEntry, ...]
    """Those of the extension and of the accounts, the last one first."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased, and how much was made to tell of nobody."""

    calls: int
    mentions: int
    changes: int


async def of_person(store: Store, extension: Extension, name: str = "") -> Held:
    """Return all that is held on a person; nothing but the number, if nothing is.

    Whoever has left the directory is spoken of by a name that it knows no more.
    """
    listing = await _listing(store, extension)
    accounts = await accounts_of(store, extension)
    logins = [account.login for account in accounts]
    calls = [
        await _transcript(store, call) for call in await calls_of(store, extension)
    ]
    theirs = {each.call.id for each in calls}
    named = _named(extension, listing, name)
    spoken_of = await store.retention.mentions(named)
    links = await store.links.list(extension)
    credential = await store.credentials.find(extension)
    found = {login: await store.passwords.find(login) for login in logins}
    return Held(
        extension,
        listing,
        Standing() if listing is None else await store.diverts.standing(extension),
        next(iter(links), None),
        await store.links.kept(extension),
        await store.bookings.of(extension),
        None if credential is None else credential.tries,
        accounts,
        {login: each.tries for login, each in found.items() if each is not None},
        tuple([each for login in logins for each in await store.sessions.of(login)]),
        tuple(calls),
        tuple(each for each in spoken_of if each.call.id not in theirs),
        await _marks(store, named, logins, theirs),
        await store.repeats.of(extension),
        await _changes(store, extension, logins),
    )


async def erase_person(
    store: Store, extension: Extension, now: datetime, by: str, name: str = ""
) -> Erased:
    """Erase all that is held on a person, with their line of the directory.

    What the trail tells of them tells of nobody afterwards, but for the receipt. When
    it is cut short, it can be done again, and does the rest. Whoever has left the
    directory is spoken of by a name that it knows no more.
    """
    listing = await _listing(store, extension)
    accounts = await accounts_of(store, extension)
    if going_on := await _going_on(store, extension):
        raise CallGoingOnError(going_on)
    # While it is known whose they were.
    logins = await _logins(store, extension, accounts)
    calls = await store.retention.erase_calls(extension)
    # While their name is known.
    named = _named(extension, listing, name)
    mentions = await store.retention.forget_mentions(named)
    if listing is not None:
        await store.directory.remove(extension, now, by)
        await _let_hooks_hear(store, extension)
    for account in accounts:
        await store.accounts.remove(account.login, now, by)
    await store.repeats.let_go(extension)
    known = ChangesWanted(extension)
    is_known = listing is not None or bool(calls or mentions)
    if not is_known and not (await store.audit.find(known)).changes:
        raise UnknownExtensionError(extension)
    detail = f"{calls} calls, {mentions} mentions"
    receipt = person_erased(extension, now, by, detail)
    changes = await store.retention.forget_changes(extension, logins, receipt)
    return Erased(calls, mentions, changes)


async def _let_hooks_hear(store: Store, extension: Extension) -> None:
    """Wait a little until those who follow diverts know that this phone has none."""
    last = await store.audit.find(ChangesWanted(extension), limit=1)
    for _ in range(_LOOKS):
        hooks = [each for each in await store.hooks.list() if each.hook.enabled]
        behind = [
            each
            for each in hooks
            if not each.delivery.fault
            and each.delivery.position < last.changes[0].number
        ]
        if not behind:
            return
        await asyncio.sleep(_BETWEEN_LOOKS)


def _named(extension: Extension, listing: Listing | None, name: str) -> Named:
    return Named(extension, name if listing is None else listing.name)


async def _listing(store: Store, extension: Extension) -> Listing | None:
    try:
        return await store.directory.find(extension)
    except UnknownExtensionError:
        return None


async def accounts_of(store: Store, extension: Extension) -> tuple[Account, ...]:
    """Return a person's accounts, also those that outlived their line of the directory.

    An account keeps no number that is in the directory no more; the trail knows it.
    """
    accounts = await store.accounts.list()
    theirs = [each for each in accounts if each.extension == extension]
    ownerless = [each for each in accounts if each.extension is None]
    if ownerless:
        logins = await _once_of(store, extension)
        theirs += [each for each in ownerless if each.login in logins]
    return tuple(sorted(theirs, key=lambda account: account.login))


async def _logins(
    store: Store, extension: Extension, accounts: Collection[Account]
) -> tuple[str, ...]:
    """Return the logins of a person's accounts, with those that were removed before."""
    there = {each.login for each in await store.accounts.list()}
    gone = await _once_of(store, extension) - there
    return tuple(sorted(gone | {account.login for account in accounts}))


async def _once_of(store: Store, extension: Extension) -> set[str]:
    """Return the logins that were last this extension's, while it was this person's."""
    added = ChangesWanted(extension, event="ExtensionAdded")
    began = (await store.audit.find(added, limit=1)).changes
    told: list[Noted] = []
    for event in ("AccountAdded", "AccountChanged"):
        told += (await store.audit.find(ChangesWanted(event=event), limit=_ALL)).changes
    last = {n.entry.subject: n for n in sorted(told, key=lambda each: each.number)}
    since = began[0].number if began else 0
    return {
        login
        for login, noted in last.items()
        if noted.number >= since and extension in noted.entry.detail.split()
    }


async def calls_of(store: Store, extension: Extension) -> tuple[Call, ...]:
    """Return the calls from an extension and to it, in their order."""
    found: dict[CallId, Call] = {}
    for wanted in (CallsWanted(extension=extension), CallsWanted(place=extension)):
        page = await store.search.find(wanted, limit=_ALL)
        found |= {each.call.id: each.call for each in page.calls}
    return tuple(sorted(found.values(), key=lambda call: (call.began, call.id)))


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


async def _marks(
    store: Store, named: Named, logins: Collection[str], theirs: Collection[CallId]
) -> tuple[Misheard, ...]:
    """Return the marks in calls of others that tell of a person, or are theirs."""
    marks = (each.mark for each in await store.marks.all())
    return tuple(
        mark
        for mark in marks
        if mark.call not in theirs
        and (mark.by in logins or text_without(mark.said, named.name) != mark.said)
    )


async def _changes(
    store: Store, extension: Extension, logins: Collection[str]
) -> tuple[AuditEntry, ...]:
    wanted = [ChangesWanted(extension)]
    wanted += [ChangesWanted(by=hand) for each in logins for hand in hands_of(each)]
    wanted += [ChangesWanted(subject=login) for login in logins]
    found = [await store.audit.find(each, limit=_ALL) for each in wanted]
    changes = {n.number: n.entry for each in found for n in each.changes}
    return tuple(changes[number] for number in sorted(changes, reverse=True))
