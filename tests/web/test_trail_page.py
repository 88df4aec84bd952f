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
    assert "<td>web: anna</td>" in browser.page
    assert browser.page.count("<ins>sammanträde") == 1
    assert browser.page.count("<del>sammanträde") == 1
    assert "Hänvisning borttagen" in browser.page


async def test_what_is_discreet_is_told_by_its_outer_wording(web: Web):
    command = SetDivert(ANNA, ReasonCode("SJK"), source=Source.VOICE)
    await web.house.obey(command, NOW, Source.VOICE)
    browser = await web.logged_in("chef")
    await browser.opens(TRAIL)
    label = web.house.catalog.wordings[ReasonCode("SJK")].label
    outer = web.house.catalog.wordings[ReasonCode("SJK")].outer
    assert f"<ins>{outer}" in browser.page
    assert f"<ins>{label}," not in browser.page


async def test_pages_hold_every_change_once(web: Web):
    await noted(web, 120)
    browser = await web.logged_in("chef")
    await browser.opens(f"{TRAIL}?av=web: chef")
    seen: list[str] = []
    while True:
        seen += [f"no {n}." for n in range(120) if f"no {n}.\n" in browser.page]
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
        ("av=chef", False),
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
