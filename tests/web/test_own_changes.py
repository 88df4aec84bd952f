"""Min startsida: diverts changed, cleared and taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from own_diverts import LUN, SAM, SEM, by_phone, diverts, only
from web_house import ANNA, NOW, Browser, Web

from voice.divert.model import (
    Divert,
    FollowCalendar,
    Mode,
    ReasonCode,
    SetDivert,
    Source,
)
from voice.divert.walltime import local
from voice.web.pages.seals import seal

BOOKED = Divert(
    ANNA,
    ReasonCode("TJÄ"),
    NOW - timedelta(hours=1),
    NOW + timedelta(hours=2),
    Mode.CLOSED,
    Source.CALENDAR,
    NOW,
)


async def test_a_divert_is_cleared_with_one_click(web: Web, anna: Browser):
    await by_phone(web)
    await anna.opens("/")
    path = f"/hanvisning/{seal(await only(web))}/ta-bort"
    await anna.sends(path)
    assert "Borttaget: sammanträde, åter i dag 14:40." in anna.page
    assert await diverts(web) == ()


async def test_a_cleared_divert_comes_back_within_ten_minutes(web: Web, anna: Browser):
    await by_phone(web)
    await anna.opens("/")
    await anna.sends(f"/hanvisning/{seal(await only(web))}/ta-bort")
    web.clock.goes(minutes=10)
    assert "Gäller igen:" in anna.page
    await anna.sends("/hanvisning/angra")
    assert "Den senaste ändringen är tillbakatagen." in anna.page
    assert (await only(web)).reason == SAM


async def test_after_ten_minutes_nothing_can_be_taken_back(web: Web, anna: Browser):
    await by_phone(web)
    await anna.opens("/")
    web.clock.goes(minutes=11)
    await anna.sends("/hanvisning/angra")
    assert "Det finns ingenting att ångra längre" in anna.page
    assert "/hanvisning/angra" not in anna.page
    assert (await only(web)).reason == SAM


async def test_one_of_several_is_cleared_and_then_all(web: Web, anna: Browser):
    await by_phone(web)
    await by_phone(web, SetDivert(ANNA, LUN, NOW + timedelta(hours=1)))
    await anna.opens("/")
    assert "Ta bort alla 2" in anna.page
    await anna.sends("/hanvisning/ta-bort")
    assert "2 hänvisningar är borttagna." in anna.page
    assert await diverts(web) == ()


async def test_one_that_is_to_come_is_cleared_by_itself(web: Web, anna: Browser):
    await by_phone(web)
    start = NOW + timedelta(days=2)
    await by_phone(web, SetDivert(ANNA, SEM, start + timedelta(days=5), start))
    await anna.opens("/")
    later = next(each for each in await diverts(web) if each.reason == SEM)
    await anna.sends(f"/hanvisning/{seal(later)}/ta-bort")
    assert (await only(web)).reason == SAM


@pytest.mark.parametrize(
    ("filled", "reason", "shown"),
    [
        ({"until": "16:00"}, SAM, "2026-03-05 16:00"),
        ({"lasts": "15m"}, SAM, "2026-03-05 14:55"),
        ({"reason": "LUN"}, LUN, "2026-03-05 14:40"),
        ({"reason": "LUN", "until": "13:00"}, LUN, "2026-03-05 13:00"),
    ],
)
async def test_the_divert_that_was_shown_is_changed(
    web: Web, anna: Browser, filled: dict[str, str], reason: ReasonCode, shown: str
):
    await by_phone(web)
    await anna.opens("/")
    path = f"/hanvisning/{seal(await only(web))}/andra"
    await anna.sends(path, **{"reason": "SAM"} | filled)
    assert "Ändrat till" in anna.page
    divert = await only(web)
    assert (divert.reason, divert.source) == (reason, Source.WEB)
    assert divert.until is not None
    assert f"{local(divert.until):%Y-%m-%d %H:%M}" == shown


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({"reason": "SAM"}, "Skriv en ny tid eller välj en annan orsak."),
        ({"reason": "XYZ"}, "Den orsaken finns inte."),
        ({"until": "från nio till elva"}, "En ändring har bara en sluttid."),
        ({"until": "igår"}, "Den tiden gick inte att läsa."),
        ({"lasts": "until_cleared"}, "Den tiden gick inte att läsa."),
    ],
)
async def test_a_change_that_cannot_be_read_is_told_by_its_field(
    web: Web, anna: Browser, filled: dict[str, str], told: str
):
    await by_phone(web)
    await anna.opens("/")
    before = await only(web)
    answer = await anna.sends(f"/hanvisning/{seal(before)}/andra", **filled)
    assert answer.status_code == 422
    assert told in anna.page
    assert "<details open>" in anna.page
    assert await only(web) == before


async def test_one_to_come_cannot_end_before_it_begins(web: Web, anna: Browser):
    start = NOW + timedelta(days=3)
    await by_phone(web, SetDivert(ANNA, SEM, start + timedelta(days=5), start))
    await anna.opens("/")
    path = f"/hanvisning/{seal(await only(web))}/andra"
    answer = await anna.sends(path, reason="SEM", until="2026-03-06", sure="1")
    assert answer.status_code == 422
    assert "Sluttiden ligger före starten." in anna.page


async def test_a_reason_that_the_site_has_no_more_can_be_moved_and_cleared(
    web: Web, anna: Browser
):
    gone = replace(BOOKED, reason=ReasonCode("XYZ"))
    await web.house.obey(FollowCalendar(ANNA, (gone,)), NOW, Source.CALENDAR)
    await anna.opens("/")
    assert '<option value="XYZ" selected>XYZ</option>' in anna.page
    path = f"/hanvisning/{seal(await only(web))}/andra"
    await anna.sends(path, until="16:00", reason="XYZ")
    assert "Ändrat till XYZ, åter i dag 16:00." in anna.page


async def test_a_booking_that_is_cleared_stays_open_and_can_be_taken_back(
    web: Web, anna: Browser
):
    await web.house.obey(FollowCalendar(ANNA, (BOOKED,)), NOW, Source.CALENDAR)
    await anna.opens("/")
    await anna.sends(f"/hanvisning/{seal(BOOKED)}/ta-bort")
    assert "Din telefon är öppen" in anna.page
    assert (await only(web)).opened
    await anna.sends("/hanvisning/angra")
    assert "Din telefon är stängd" in anna.page
