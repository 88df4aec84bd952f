"""All that is held on a person as it is given away: whole, or naming nobody."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from voice.divert.model import Extension
from voice.language.catalog import Catalog
from voice.personal import export, hand_over, mask_of
from voice.store.accounts_port import Account, Login, Role
from voice.store.audit_port import AuditEntry
from voice.store.links_port import Link, LinkKind
from voice.store.marks_port import Misheard
from voice.store.memory import memory_store
from voice.store.port import Call, CallId, Listing, Store, Turn, Who
from voice.store.retention_port import Named
from voice.store.sessions_port import SessionId

NOW = datetime(2026, 3, 5, 11, 40, tzinfo=UTC)
ASA, BO = Extension("1234"), Extension("2345")
FEED = "https://kalender.example.se/hemlig-lank.ics"
SAID = (
    "sök Bo Ek",
    "det är Åsa Öström här, 800101+9002",
    "nittonhundraåttio noll ett noll ett nittio noll två",
    "asa ostrom eller bosse",
)
# Whatever would tell who somebody is.
NAMING = "åsa|öström|asa|ostrom|bo|ek|bosse|example|hemlig|46701|9002|nittio|chefen"


@pytest.fixture
async def store() -> Store:
    """Give a store in which Åsa has called, and others are known."""
    store = memory_store()
    asa = Listing(
        ASA,
        "Åsa Öström",
        "Bygg",
        mobiles=("+46701234567",),
        mail="asa.ostrom@example.se",
    )
    bo = Listing(BO, "Bo Ek", search=("Bosse",))
    await store.directory.put([asa, bo], NOW, "web: chefen")
    await store.links.put(Link(ASA, LinkKind.ICS, FEED), NOW, "web: chefen")
    for login, extension in (("asa-ostrom", ASA), ("chefen", None)):
        roles = frozenset({Role.OPERATOR})
        await store.accounts.put(
            Account(Login(login), roles, NOW, extension), NOW, "web: chefen"
        )
    await store.passwords.put(Login("asa-ostrom"), "a hash", NOW, "chefen")
    session = SessionId("an id"), Login("asa-ostrom"), "a-form-token"
    await store.sessions.begin(*session, NOW)
    call = Call(CallId("k1"), "4949", ASA, NOW)
    await store.transcripts.begin(call)
    for text in SAID:
        await store.transcripts.add(call.id, Turn(1.0, Who.CALLER, text))
    await store.transcripts.end(call.id, "ended", NOW + timedelta(minutes=1))
    await store.marks.put(Misheard(call.id, 0, "sök bosse", "chefen", NOW))
    return store


async def test_the_person_is_given_all_of_it_but_no_secret(store: Store):
    text = json.dumps(await export(store, Named(ASA)), ensure_ascii=False)
    for held in (*SAID, FEED, "asa.ostrom@example.se", "+46701234567", "chefen"):
        assert held in text
    for secret in ("a hash", "a-form-token", "an id"):
        assert secret not in text


async def test_under_a_mask_nothing_tells_who_anybody_is(
    store: Store, catalog: Catalog
):
    held = await export(store, Named(ASA), await mask_of(store, catalog))
    text = json.dumps(held, ensure_ascii=False)
    assert re.findall(rf"\b(?:{NAMING})s?\b", text.lower()) == []
    # It is still told what was done, when, and to which extension.
    assert '"extension": "1234"' in text
    assert "2026-03-05T11:40:00+00:00" in text
    assert "PasswordSet" in text
    assert '"by": "web: …"' in text


async def test_words_that_are_short_in_a_login_stay_in_what_is_said(
    store: Store, catalog: Catalog
):
    account = Account(Login("i.pa-99"), frozenset({Role.PERSON}), NOW)
    await store.accounts.put(account, NOW, "test")
    await store.audit.note(AuditEntry(NOW, ASA, "i på", "PinSet", (), ()))
    held = await export(store, Named(ASA), await mask_of(store, catalog))
    assert '"by": "i på"' in json.dumps(held, ensure_ascii=False)


@pytest.mark.parametrize(("masks", "detail"), [(False, ""), (True, "masked")])
async def test_that_it_was_handed_over_is_on_the_trail(
    store: Store, catalog: Catalog, masks: bool, detail: str
):
    veil = await mask_of(store, catalog) if masks else None
    text = await hand_over(store, Named(ASA), veil, NOW, "web: chefen")
    assert json.loads(text)["extension"] == "1234"
    (entry,) = await store.audit.entries(ASA, limit=1)
    event = AuditEntry(NOW, ASA, "web: chefen", "PersonExported", (), ())
    assert (entry.event, entry.by, entry.detail) == (event.event, event.by, detail)
