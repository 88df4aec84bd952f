"""One call: read as it was spoken, whatever was said, and set right afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import escape
from web_calls import TALK, answered, put_call, said
from web_house import ANNA, BO, NOW, Web

from voice.divert.model import ReasonCode, SetDivert, Source, Standing, UndoChange
from voice.store.audit_port import AuditEntry, ChangesWanted
from voice.store.port import Turn, Who

LUNCH = SetDivert(ANNA, ReasonCode("LUN"), until=NOW + timedelta(hours=1))
ILL = SetDivert(ANNA, ReasonCode("SJK"))


async def test_a_call_is_read_with_times_scores_and_what_was_meant(web: Web):
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    for text in (
        *("Anna Berg", "4949", "lade på", "hänvisning lunch till halv"),
        *('href="#tur-2">0:04<', ">93\xa0%<", "hänvisa: lunch, åter i dag 12:30"),
    ):
        assert text in browser.page


async def test_the_course_of_a_call_is_drawn_and_told_in_a_table(web: Web):
    await put_call(
        web.store, "one", [*TALK, said(9.0, "eh", 0.3), answered(11.5, "Va?")]
    )
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    assert browser.page.count("<rect ") == len(TALK) + 2
    assert 'class="caller missed"' in browser.page
    assert "Längsta väntan på svar var 2,5 sekunder." in browser.page
    assert '<td class="figure">0,4 s</td>' in browser.page


async def test_what_a_call_changed_is_told_and_nothing_else(web: Web):
    began = NOW - timedelta(minutes=1)
    await web.house.obey(LUNCH, began - timedelta(minutes=9), Source.VOICE)
    await web.house.obey(ILL, NOW - timedelta(seconds=57), Source.VOICE)
    await web.house.obey(replace(LUNCH, extension=BO), NOW, Source.VOICE)
    await put_call(web.store, "one", began=began)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    changed = browser.page.partition('id="changed"')[2].partition("</section>")[0]
    assert changed.count("<li>") == 1
    # What it is to be ill is its owner's alone: others are told the outer wording.
    assert "Hänvisning satt" in changed
    assert "sjuk" not in changed
    assert "inte i tjänst" in changed


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }}",
        "data: x\n\nevent: over",
        "مرحبا، أريد تحويل المكالمات",
        "ord " * 5000,
        "\u202eomvänt\u2066 och \x1b[31m",
    ],
)
async def test_whatever_was_said_is_only_text(web: Web, text: str):
    await put_call(web.store, "one", [said(3.0, text), answered(3.5, text)])
    await put_call(web.store, "on", [said(3.0, text)], outcome=None)
    browser = await web.logged_in("bo")
    shown = f'<p class="said" dir="auto" lang="sv">{escape(text)}</p>'
    for path in ("/samtal/one", "/samtal"):
        await browser.opens(path)
        assert shown in browser.page


async def test_ten_thousand_turns_are_read_page_by_page(web: Web):
    turns = [said(float(n), f"ord{n}") for n in range(10_000)]
    await put_call(web.store, "long", turns)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/long")
    assert "ord199<" in browser.page
    assert "ord200<" not in browser.page
    assert "Här står 1–200 av 10000." in browser.page
    await browser.opens("/samtal/long?tur=201")
    assert "ord200<" in browser.page
    assert 'href="/samtal/long?tur=1"' in browser.page
    assert 'href="/samtal/long?tur=401"' in browser.page
    await browser.opens("/samtal/long?tur=9801")
    assert "ord9999<" in browser.page
    assert "Längre fram" not in browser.page


@pytest.mark.parametrize("query", ["tur=0", "tur=999999", "tur=1"])
async def test_any_turn_can_be_asked_for(web: Web, query: str):
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    assert (await browser.opens(f"/samtal/one?{query}")).status_code == 200


@pytest.mark.parametrize("query", ["tur=x", "tur=-1", "tur=99999999", "tur=²"])
async def test_what_is_no_turn_is_refused(web: Web, query: str):
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    assert (await browser.opens(f"/samtal/one?{query}")).status_code == 422


async def test_a_call_that_is_not_there_is_not_found(web: Web):
    browser = await web.logged_in("bo")
    assert (await browser.opens("/samtal/nobody")).status_code == 404
    assert (await browser.opens("/samtal/nobody/live")).status_code == 404


async def test_what_an_earlier_version_wrote_is_read_too(web: Web):
    odd = Turn(1.0, Who.CALLER, "", None, "no json", "SomethingElse", "nowhere")
    await put_call(web.store, "one", [odd, said(2.0, "", meaning=[1])], outcome="other")
    browser = await web.logged_in("bo")
    assert (await browser.opens("/samtal/one")).status_code == 200
    assert "somethingelse" in browser.page


async def test_an_operator_takes_the_last_change_back(web: Web):
    await web.house.obey(LUNCH, NOW, Source.VOICE)
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await browser.sends("/samtal/one/angra")
    assert "Det är rättat." in browser.page
    assert (await web.store.diverts.standing(ANNA)).diverts == ()
    assert await trail(web) == [
        ("bo", "CallCorrected"),
        ("operator: bo", "ChangeUndone"),
    ]
    assert "rättat efteråt av bo" in browser.page
    assert "/samtal/one/angra" not in browser.page


async def test_an_operator_clears_the_one_divert_that_is_shown(web: Web):
    await web.house.obey(LUNCH, NOW, Source.VOICE)
    await web.house.obey(ILL, NOW, Source.VOICE)
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await browser.sends("/samtal/one/oppna")
    (left,) = (await web.store.diverts.standing(ANNA)).diverts
    assert left.reason == "SJK"


async def test_a_divert_that_was_changed_meanwhile_is_not_cleared(web: Web):
    await web.house.obey(LUNCH, NOW, Source.VOICE)
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await web.house.obey(UndoChange(ANNA), NOW, Source.VOICE)
    later = replace(LUNCH, until=NOW + timedelta(hours=2))
    await web.house.obey(later, NOW, Source.VOICE)
    await browser.sends("/samtal/one/oppna")
    assert "har ändrats under tiden" in browser.page
    assert len((await web.store.diverts.standing(ANNA)).diverts) == 1


async def test_an_operator_sets_what_was_meant(web: Web):
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await browser.sends("/samtal/one/satt", reason="LUN", until="12:45")
    (stands,) = (await web.store.diverts.standing(ANNA)).diverts
    assert (stands.reason, stands.source) == ("LUN", Source.OPERATOR)
    assert stands.until == NOW + timedelta(hours=1, minutes=5)


async def test_what_was_set_meanwhile_is_shown_before_it_is_replaced(web: Web):
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await web.house.obey(ILL, NOW, Source.VOICE)
    answer = await browser.sends("/samtal/one/satt", reason="LUN", until="12:45")
    assert answer.status_code == 409
    assert "har ändrats under tiden" in browser.page
    assert 'value="12:45"' in browser.page
    (stands,) = (await web.store.diverts.standing(ANNA)).diverts
    assert stands.source is Source.VOICE
    # Having seen it, one may mean it all the same.
    await browser.sends("/samtal/one/satt", reason="LUN", until="12:45")
    stands = (await web.store.diverts.standing(ANNA)).diverts
    assert "LUN" in [each.reason for each in stands]


async def test_a_change_made_meanwhile_is_not_taken_back(web: Web):
    await web.house.obey(LUNCH, NOW, Source.VOICE)
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    web.clock.goes(minutes=1)
    await web.house.obey(ILL, web.clock(), Source.VOICE)
    await browser.sends("/samtal/one/angra")
    assert "har ändrats under tiden" in browser.page
    assert len((await web.store.diverts.standing(ANNA)).diverts) == 2


@pytest.mark.parametrize(
    ("reason", "until"),
    [("LUN", "<i>sen</i>"), ("XXX", "15:30"), ("LUN", "till"), ("", "15:30")],
)
async def test_a_form_that_cannot_be_read_comes_back_as_it_was(
    web: Web, reason: str, until: str
):
    await put_call(web.store, "one")
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    answer = await browser.sends("/samtal/one/satt", reason=reason, until=until)
    assert answer.status_code == 422
    assert f'value="{escape(until)}"' in browser.page
    assert await web.store.diverts.standing(ANNA) == Standing()


async def test_nothing_is_set_right_for_a_stranger(web: Web):
    await put_call(web.store, "one", caller=None)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    assert "Rätta till" not in browser.page
    answer = await browser.sends("/samtal/one/angra", _token=token(browser.page))
    assert answer.status_code == 409


async def trail(web: Web) -> list[tuple[str, str]]:
    found = await web.store.audit.find(ChangesWanted(extension=ANNA), limit=2)
    entries: list[AuditEntry] = [noted.entry for noted in found.changes]
    return [(entry.by, entry.event) for entry in entries]


def token(page: str) -> str:
    return page.partition('name="_token" value="')[2].partition('"')[0]
