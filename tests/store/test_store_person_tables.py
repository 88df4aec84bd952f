"""Where in each table one person's data is, shown to them, and what becomes of it.

A new table is decided on here: a person's data in it is shown and erased, or it holds
nobody's.
"""

import sqlite3
from datetime import timedelta

import pytest
from store_hooks_contract import HOOK
from store_samples import ANNA, BO, LUNCH, NOW, sets
from store_told import call_of, says, told

from voice.divert.model import Entry, EntryKey, Mark, Mode, ReasonCode, Standing
from voice.store.access_tables import repeats
from voice.store.accounts_port import Account, Identity, Login, Role
from voice.store.call_tables import words
from voice.store.database import open_store
from voice.store.keys_port import ApiKey, KeySecret, Scope
from voice.store.leases_port import Lease
from voice.store.links_port import Kept, Link, LinkKind, OwnBooking, Progress, Step
from voice.store.marks_port import Misheard
from voice.store.person import erase_person, of_person
from voice.store.port import Listing
from voice.store.repeats_port import Answer, Asked
from voice.store.sessions_port import SessionId
from voice.store.tables import metadata

LATER = NOW + timedelta(days=100)
DAY = timedelta(days=1)
ASA = Account(
    Login("asa-login"),
    frozenset({Role.OPERATOR}),
    NOW,
    ANNA.extension,
    Identity("https://login.example.org", "subject-of-asa"),
)
# Where a person is shown what a table holds on them.
SHOWN = {
    "extensions": "listing",
    "mobiles": "listing",
    "diverts": "standing",
    "credentials": "pin",
    "links": "link",
    # Found in what was read of the calendar, and made of it.
    "coded": "kept",
    "own_bookings": "bookings",
    "accounts": "accounts",
    "passwords": "passwords",
    "sessions": "sessions",
    "calls": "calls",
    "turns": "calls",
    # Each word of a call once, to find the call by; and that something was said in it.
    "words": "calls",
    "feed": "calls",
    "misheard": "marks",
    "repeats": "answers",
    "audit": "changes",
}
OF_NOBODY = {
    "revisions": "how often the directory was changed",
    "understanding": "how many turns were understood on a day",
    "outcomes": "how many calls ended how on a day",
    "leases": "which program does what only one may do",
    "api_keys": "programs, by names that an administrator gives them",
    "hooks": "addresses of programs, and how far each was told of the trail",
}
# What a person may be known by, in any table.
MARKS = ("1234", "öström", "asa-login", "asa@", "46701", "subject-of", "hemligt")
# Erased when calls have been kept for their days.
IN_TIME = {"calls", "turns", "words", "feed", "misheard"}
KEPT_LONGER = {
    **OF_NOBODY,
    "audit": "erased after a site's days of its own",
    "repeats": "erased after a day",
    "sessions": "erased when they are over",
} | dict.fromkeys(
    [
        "extensions",
        "mobiles",
        "diverts",
        "credentials",
        "links",
        "coded",
        "own_bookings",
    ],
    "as long as the extension is in the directory",
)
KEPT_LONGER |= dict.fromkeys(["accounts", "passwords"], "as long as the account")


@pytest.fixture
def path(tmp_path):
    """Where the store of each test is."""
    return tmp_path / "store.db"


@pytest.fixture
async def known(path):
    """A store with something in every table: of Åsa, of others, of nobody."""
    async with open_store(str(path)) as store:
        await _people(store)
        await _calls(store)
        await _programs(store)


async def _people(store):
    asa = Listing(
        ANNA.extension,
        ANNA.name,
        "Bygg",
        mobiles=("+46701234567",),
        search=("Hemligt smeknamn",),
        mail="asa@example.org",
    )
    await store.directory.put([asa, BO], NOW, "eva")
    await store.diverts.apply(ANNA.extension, sets(LUNCH), NOW, "voice")
    await store.credentials.put(ANNA.extension, "hemligt", NOW, "eva")
    link = Link(ANNA.extension, LinkKind.GOOGLE, "asa@example.org")
    await store.links.put(link, NOW, "eva")
    mark = Mark(ReasonCode("SAM"), Mode.CLOSED)
    entry = Entry(EntryKey("hemligt"), mark, NOW, NOW + DAY)
    await store.links.keep(link, Progress(read_at=NOW), Kept((entry,)))
    ours = OwnBooking(ANNA.extension, "hemligt", mark, NOW, NOW + DAY, Step.NONE)
    await store.bookings.put([ours])
    await store.accounts.put(ASA, NOW, "eva")
    await store.passwords.put(ASA.login, "hemligt", NOW, "eva")
    await store.sessions.begin(SessionId("1"), ASA.login, "hemligt", NOW)


async def _calls(store):
    await told(store, call_of(1), says("hemligt möte"))
    await told(store, call_of(2, None, ANNA.extension), says("hemligt ärende"))
    seek = says(f"sök {ANNA.name}", '{"command": "seek", "extension": "1234"}')
    bos = await told(store, call_of(3, BO.extension), seek, says("lunch"))
    await store.marks.put(Misheard(bos.id, 0, f"sök {ANNA.name}", ASA.login, NOW))
    await store.marks.put(Misheard(bos.id, 1, "lunchen", ASA.login, NOW))


async def _programs(store):
    asked = Asked("växeln", "an id", "a digest")
    await store.repeats.begin(asked, NOW)
    answer = Answer(200, '{"extension":"1234"}', "application/json")
    await store.repeats.answered(asked, answer)
    key = ApiKey("växeln", frozenset({Scope.DIVERTS_READ}), NOW)
    await store.keys.add(key, KeySecret("secret"), NOW, "eva")
    await store.leases.take(Lease("chore", "a program"), DAY)
    await store.hooks.put(HOOK, NOW, "eva")
    await store.hooks.failed(HOOK.id, "no answer", LATER)


def rows(path):
    """Return the rows of every table, as text."""
    with sqlite3.connect(path) as database:
        return {
            name: [str(row) for row in database.execute(f'SELECT * FROM "{name}"')]
            for name in metadata.tables
        }


def test_every_table_is_decided_on():
    assert words.name in metadata.tables
    assert repeats.name in metadata.tables
    tables = set(metadata.tables)
    assert SHOWN.keys() | OF_NOBODY.keys() == tables
    assert SHOWN.keys() & OF_NOBODY.keys() == set()
    assert IN_TIME | KEPT_LONGER.keys() == tables
    assert IN_TIME & KEPT_LONGER.keys() == set()


@pytest.mark.usefixtures("known")
async def test_whatever_a_table_holds_on_a_person_is_shown(path):
    assert [name for name, there in rows(path).items() if not there] == []
    async with open_store(str(path)) as store:
        held = await of_person(store, ANNA.extension)
    for table, part in SHOWN.items():
        assert getattr(held, part) not in (None, (), {}, Kept(), Standing()), table
    assert len(held.calls) == 2
    assert [mark.turn for mark in held.marks] == [0, 1]


@pytest.mark.usefixtures("known")
async def test_of_an_erased_person_no_table_holds_anything(path):
    async with open_store(str(path)) as store:
        await erase_person(store, ANNA.extension, LATER, "eva")
    found = {
        name: [row for row in there if any(mark in row.lower() for mark in MARKS)]
        for name, there in rows(path).items()
    }
    (receipt,) = found.pop("audit")
    assert "PersonErased" in receipt
    assert {name: left for name, left in found.items() if left} == {}


@pytest.mark.usefixtures("known")
async def test_of_old_calls_no_table_holds_anything(path):
    before = rows(path)
    async with open_store(str(path)) as store:
        await store.retention.erase_before(LATER, LATER, "gallring")
    after = rows(path)
    assert {name for name, there in after.items() if not there} == IN_TIME
    kept = KEPT_LONGER.keys() - {"audit"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert len(after["audit"]) == len(before["audit"]) + 1
