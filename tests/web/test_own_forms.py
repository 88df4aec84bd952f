"""Min startsida: diverts set by its form, and shown before they are."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from own_diverts import LUN, SAM, by_phone, diverts, only, text_of
from web_house import ANNA, NOW, PASSWORD, Browser, Web

from voice.divert.model import (
    ClearDivert,
    Mode,
    Source,
)
from voice.divert.walltime import local


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        ("14:30", "2026-03-05 14:30"),
        ("23:59", "2026-03-05 23:59"),
        ("09:00", "2026-03-06 09:00"),
        ("halv tre", "2026-03-05 14:30"),
        ("2026-08-05", "2026-08-05 08:00"),
        ("2026-08-05 13:00", "2026-08-05 13:00"),
        ("till och med fredag", "2026-03-09 08:00"),
        ("två timmar", "2026-03-05 13:40"),
        ("", "2026-03-05 12:40"),
    ],
)
async def test_a_divert_is_set_by_reason_and_return(
    web: Web, anna: Browser, until: str, shown: str
):
    answer = await anna.sends("/hanvisning", reason="SAM", until=until)
    assert (answer.status_code, anna.at) == (200, "/")
    assert "Klart: sammanträde, åter" in anna.page
    divert = await only(web)
    assert (divert.reason, divert.source) == (SAM, Source.WEB)
    assert divert.until is not None
    assert f"{local(divert.until):%Y-%m-%d %H:%M}" == shown


@pytest.mark.parametrize(
    ("lasts", "shown"),
    [
        ("30m", "2026-03-05 12:10"),
        ("4h", "2026-03-05 15:40"),
        ("next_working_day", "2026-03-06 08:00"),
        ("until_cleared", None),
    ],
)
async def test_a_divert_is_set_at_a_button(
    web: Web, anna: Browser, lasts: str, shown: str | None
):
    assert f'<button name="lasts" value="{lasts}">' in anna.page
    await anna.sends("/hanvisning", reason="SAM", lasts=lasts)
    until = (await only(web)).until
    assert (until and f"{local(until):%Y-%m-%d %H:%M}") == shown


async def test_a_divert_that_only_informs_leaves_the_phone_open(
    web: Web, anna: Browser
):
    await anna.sends("/hanvisning", reason="SAM", until="14:30", mode="informing")
    assert (await only(web)).mode is Mode.INFORMING
    assert "Din telefon är öppen, med besked" in anna.page
    assert "Den som ringer hör" not in anna.page


async def test_what_a_caller_hears_is_shown(anna: Browser):
    await anna.sends("/hanvisning", reason="SJK", until="2026-03-09")
    heard = "Anna Berg är inte i tjänst, åter på måndag."
    assert f'<q lang="sv">{heard}</q>' in anna.page


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({}, "Välj en orsak."),
        ({"reason": "XYZ"}, "Den orsaken finns inte."),
        ({"reason": "SAM", "until": "25:00"}, "Den tiden gick inte att läsa."),
        ({"reason": "SAM", "until": "radera"}, "Den tiden gick inte att läsa."),
        ({"reason": "SAM", "until": "x" * 3000}, "Den tiden gick inte att läsa."),
        ({"reason": "SAM", "until": "2026-02-30"}, "Den dagen finns inte"),
        ({"reason": "SAM", "until": "2026-03-04"}, "Den dagen har redan varit."),
        ({"reason": "SAM", "until": "2027-03-05"}, "Det är mer än ett år dit."),
        ({"reason": "SAM", "until": "?"}, "Den tiden gick inte att läsa."),
        ({"reason": "SAM", "lasts": "99y"}, "Den tiden gick inte att läsa."),
    ],
)
async def test_what_cannot_be_read_is_told_by_its_field_and_kept(
    web: Web, anna: Browser, filled: dict[str, str], told: str
):
    answer = await anna.sends("/hanvisning", **filled)
    assert answer.status_code == 422
    assert told in anna.page
    assert await diverts(web) == ()
    if "until" in filled and len(filled["until"]) < 200:
        assert f'value="{filled["until"]}"' in anna.page
    if filled.get("reason") == "SAM":
        assert 'name="reason" value="SAM" checked' in anna.page


@pytest.mark.parametrize("hostile", ['"><script>alert(1)</script>', "{{ t }}", "\0"])
async def test_what_is_filled_in_is_only_text(web: Web, anna: Browser, hostile: str):
    answer = await anna.sends("/hanvisning", reason=hostile, until=hostile)
    assert answer.status_code == 422
    assert "<script>alert" not in anna.page
    assert await diverts(web) == ()


async def test_a_session_that_ends_meanwhile_loses_nothing(web: Web, anna: Browser):
    await anna.opens("/")
    web.clock.goes(minutes=31)
    await anna.sends("/hanvisning", reason="SAM", until="14:30")
    assert anna.at.startswith("/logga-in")
    await anna.sends("/logga-in", login="anna", password=PASSWORD)
    assert anna.at == "/"
    assert 'value="14:30"' in anna.page
    assert 'name="reason" value="SAM" checked' in anna.page
    assert await diverts(web) == ()
    await anna.sends("/hanvisning", reason="SAM", until="14:30")
    assert (await only(web)).reason == SAM


async def test_what_is_in_doubt_is_shown_before_it_is_done(web: Web, anna: Browser):
    await anna.sends("/hanvisning", reason="LUN", until="fredag")
    assert "<h1>Stämmer det?</h1>" in anna.page
    assert "lunch, åter i morgon 08:00" in text_of(anna.page)
    assert await diverts(web) == ()
    await anna.sends("/hanvisning")
    assert anna.at == "/"
    assert (await only(web)).reason == LUN


async def test_what_was_shown_is_what_is_done_later(web: Web, anna: Browser):
    await anna.sends("/hanvisning", reason="SAM", until="två timmar", **{"try": "1"})
    web.clock.goes(minutes=14)
    await anna.sends("/hanvisning")
    assert (await only(web)).until == NOW + timedelta(hours=2)


@pytest.mark.parametrize("at", ["", "x", "2026-03-05T10:40:00", "2020-01-01T00:00Z"])
async def test_a_forged_moment_reads_words_now(web: Web, anna: Browser, at: str):
    await anna.sends("/hanvisning", reason="SAM", until="två timmar", at=at)
    assert (await only(web)).until == NOW + timedelta(hours=2)


async def test_what_would_happen_is_shown_and_nothing_is_changed(
    web: Web, anna: Browser
):
    await by_phone(web)
    await anna.opens("/")
    await anna.sends("/hanvisning", reason="SAM", until="18:00", **{"try": "1"})
    assert "<h1>Vad skulle hända?</h1>" in anna.page
    assert "Det här skulle börja gälla" in anna.page
    assert "Det här skulle tas bort" in anna.page
    assert (await only(web)).source is Source.VOICE


async def test_who_does_not_go_on_finds_what_was_filled_in(web: Web, anna: Browser):
    await anna.sends("/hanvisning", reason="SAM", until="18:00", **{"try": "1"})
    await anna.opens("/")
    assert 'value="18:00"' in anna.page
    assert 'name="reason" value="SAM" checked' in anna.page
    await anna.opens("/")
    assert 'value="18:00"' not in anna.page


async def test_the_night_when_clocks_go_forward_has_no_half_past_two(
    web: Web, anna: Browser
):
    web.clock.now = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    anna = await web.logged_in("anna")
    await anna.sends("/hanvisning", reason="SAM", until="02:30")
    until = (await only(web)).until
    assert until == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert "åter i morgon 03:30" in anna.page


async def test_nobody_without_an_extension_changes_anything(web: Web):
    chef = await web.logged_in("chef")
    answer = await chef.sends("/hanvisning", reason="SAM")
    assert answer.status_code == 403


async def test_the_trail_tells_who_set_a_divert(web: Web, anna: Browser):
    await anna.sends("/hanvisning", reason="SAM", until="14:30")
    (entry,) = await web.store.audit.entries(ANNA, 1)
    assert entry.by == "web: anna"


async def test_a_form_that_was_sent_by_a_page_changes_only_its_part(
    web: Web, anna: Browser
):
    fields = dict(re.findall(r'name="(_token|change)" value="([^"]*)"', anna.page))
    headers = {"hx-request": "true", "x-csrf-token": fields["_token"]}
    data = {"reason": "SAM", "until": "14:30", "change": fields["change"], "_page": "/"}
    answer = await anna.client.post("/hanvisning", data=data, headers=headers)
    assert answer.text.strip().startswith('<div id="own"')
    assert "Klart: sammanträde, åter i dag 14:30." in answer.text
    assert "<html" not in answer.text
    assert set(re.findall(r'name="_page" value="([^"]*)"', answer.text)) == {"/"}
    answer = await anna.client.post("/hanvisning", data=data, headers=headers)
    assert (answer.status_code, answer.headers["hx-retarget"]) == (409, "main")
    wrong = await anna.client.post(
        "/hanvisning", data={"reason": "SAM", "until": "x"}, headers=headers
    )
    assert (wrong.status_code, wrong.text.count("<html")) == (422, 0)
    assert "Den tiden gick inte att läsa." in wrong.text


async def test_the_page_is_written_in_english_too(web: Web):
    anna = await web.logged_in("anna", **{"accept-language": "en"})
    await anna.sends("/hanvisning", reason="SAM", until="14:30")
    assert "Done: sammanträde, back today 14:30." in anna.page
    await anna.sends("/hanvisning", reason="SAM", until="x")
    assert "That time could not be read." in anna.page
    await web.house.obey(ClearDivert(ANNA), NOW, Source.VOICE)
    await anna.sends("/hanvisning", reason="SAM", until="15:00")
    assert "Somebody was there first" in anna.page
