"""The audit trail on the web: filtered, paged, and only to be read."""

from datetime import timedelta

import pytest
from web_house import ANNA, BO, NOW, Web

from voice.divert.model import ClearDivert, ReasonCode, SetDivert, Source
from voice.store.port import AuditEntry

TRAIL = "/installningar/spar"


async def noted(web: Web, count: int) -> None:
    for n in range(count):
        at = NOW + timedelta(minutes=n)
        entry = AuditEntry(at, BO, "web: chef", "DivertSet", (), (), detail=f"no {n}.")
        await web.store.audit.note(entry)


async def test_a_divert_is_told_with_what_came_and_what_went(web: Web):
    command = SetDivert(ANNA, ReasonCode("SAM"), None, source=Source.VOICE)
    await web.house.obey(command, NOW, Source.VOICE)
    await web.house.obey(ClearDivert(ANNA), NOW, Source.WEB, name="anna")
    browser = await web.logged_in("chef")
    await browser.opens(f"{TRAIL}?anknytning={ANNA}")
    assert "<td>på webben: anna</td>" in browser.page
    assert "<td>med rösten</td>" in browser.page
    assert browser.page.count('<ins><span lang="sv">sammanträde') == 1
    assert browser.page.count('<del><span lang="sv">sammanträde') == 1
    assert "Hänvisning borttagen" in browser.page


async def test_what_is_discreet_is_told_by_its_outer_wording(web: Web):
    command = SetDivert(ANNA, ReasonCode("SJK"), source=Source.VOICE)
    await web.house.obey(command, NOW, Source.VOICE)
    browser = await web.logged_in("chef")
    await browser.opens(TRAIL)
    label = web.house.catalog.wordings[ReasonCode("SJK")].label
    outer = web.house.catalog.wordings[ReasonCode("SJK")].outer
    assert f'<ins><span lang="sv">{outer}' in browser.page
    assert f">{label}<" not in browser.page


async def test_pages_hold_every_change_once(web: Web):
    await noted(web, 120)
    browser = await web.logged_in("chef")
    await browser.opens(f"{TRAIL}?av=web: chef")
    seen: list[str] = []
    while True:
        seen += [f"no {n}." for n in range(120) if f"no {n}.</td>" in browser.page]
        older = browser.page.partition('rel="next" href="')[2].partition('"')[0]
        if not older:
            break
        await browser.opens(older.replace("&amp;", "&"))
    assert sorted(seen) == sorted(f"no {n}." for n in range(120))


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("handelse=DivertSet", True),
        ("handelse=PinSet", False),
        ("av=web: chef", True),
        ("av=chef", True),
        ("av=på webben", True),
        ("av=på webben: chef", True),
        ("av=med rösten", False),
        ("av=che", False),
        ("anknytning=1300", True),
        ("anknytning=1234&handelse=DivertSet", False),
        ("fran=2026-03-05&till=2026-03-05", True),
        ("fran=2026-03-06", False),
        ("till=2026-03-04", False),
        ("fore=1", False),
        ("om=<script>", False),
        ("av=%00", True),
    ],
)
async def test_changes_are_found_by_what_is_asked(web: Web, asked: str, finds: bool):
    await noted(web, 1)
    browser = await web.logged_in("chef")
    assert (await browser.opens(f"{TRAIL}?{asked}")).status_code == 200
    assert ("no 0." in browser.page) is finds


@pytest.mark.parametrize("day", ["i går", "2026-02-30", "9999-12-31"])
async def test_a_day_that_is_none_is_blamed_and_kept(web: Web, day: str):
    browser = await web.logged_in("chef")
    answer = await browser.opens(f"{TRAIL}?fran={day}")
    assert answer.status_code == 422
    assert "Skriv dagen som 2026-03-05." in browser.page
    assert f'value="{day}"' in browser.page


@pytest.mark.parametrize(
    ("event", "subject", "detail", "told"),
    [
        (
            *("TurnMarked", "a/b", "turn 3"),
            '<a href="/samtal/a%2Fb?tur=4#tur-4">replik 4 i samtalet</a>',
        ),
        (
            *("CallCorrected", "one", "DivertSet"),
            '<a href="/samtal/one">samtalet</a>: Hänvisning satt',
        ),
        ("CallHeard", "one", "", '<a href="/samtal/one">samtalet</a>'),
        (
            *("CallsErased", "calls that ended before 2026-03-04T23:00:00+00:00"),
            *("12 calls", "samtal som slutade före i dag 00:00: 12"),
        ),
        (
            *("ChangesErased", "changes made before 2026-03-04T23:00:00+00:00"),
            *("7 changes", "ändringar gjorda före i dag 00:00: 7"),
        ),
        (
            *("PersonErased", "", "2 calls, 3 mentions"),
            "samtal: 2, nämnd i repliker: 3",
        ),
        (
            *("AccountChanged", "anna", "1234 operator person"),
            '<a href="/installningar/konton/anna">anna</a>: 1234, telefonist, person',
        ),
        ("AccountRemoved", "anna", "disabled", "anna: avstängt"),
        (
            *("KeyAdded", "växeln", "directory:read routes:read"),
            "växeln: läsa katalogen, fråga vart samtal ska gå",
        ),
        ("HookAdded", "h1", "divert.begun", "h1: en hänvisning börjar"),
        (
            *("SettingChanged", "retention-transcripts_days", "90 -> 30"),
            "Så många dagar sparas det som sägs i samtal: 90 → 30",
        ),
        (
            *("SettingChanged", "sip-1-trusted", "10.0.0.1 -> 10.0.0.2"),
            "SIP-linjen: 10.0.0.1 → 10.0.0.2",
        ),
        (
            *("SettingChanged", "reasons.toml LUN", "digit, label"),
            "orsaken LUN: Knapp, Namn",
        ),
        (
            *("DirectorySynced", "", "3 added, 1 removed, 2 left_out"),
            "tillagda: 3, borttagna: 1, utelämnade: 2",
        ),
        ("PersonExported", "", "masked", "maskerade"),
        ("ExtensionChanged", "", "name mobiles", "namn, mobiler"),
        ("CallsErased", "of a later", "version", "of a later: version"),
        ("OfALaterVersion", "this", "that", "this: that"),
    ],
)
async def test_what_was_noted_is_told_in_words(
    web: Web, event: str, subject: str, detail: str, told: str
):
    entry = AuditEntry(NOW, BO, "chef", event, (), (), subject, detail)
    await web.store.audit.note(entry)
    browser = await web.logged_in("chef")
    await browser.opens(f"{TRAIL}?handelse={event}&av=chef")
    assert f"<td>{told}</td>" in browser.page


async def test_a_change_holds_nothing_but_text(web: Web):
    entry = AuditEntry(NOW, BO, "<b>x</b>", "<i>y</i>", (), (), "<u>", "{{ t }}")
    await web.store.audit.note(entry)
    browser = await web.logged_in("chef")
    await browser.opens(TRAIL)
    assert "&lt;b&gt;x&lt;/b&gt;" in browser.page
    assert "<i>y</i>" not in browser.page


@pytest.mark.parametrize("login", ["anna", "bo"])
async def test_only_administrators_read_the_trail(web: Web, login: str):
    browser = await web.logged_in(login)
    assert (await browser.opens(TRAIL)).status_code == 403
