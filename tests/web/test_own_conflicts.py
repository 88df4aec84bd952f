"""Min startsida: two who change the same divert, and neither loses what they wanted."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from own_diverts import LUN, MEETING, SAM, by_phone, diverts, only
from web_house import ANNA, NOW, Browser, Web, opened_web

from voice.divert.model import ClearDivert, Divert, SetDivert, Source, UndoChange
from voice.language.catalog import Catalog
from voice.store.database import open_store
from voice.web.pages.seals import change_seal, seal, sealed

EARLIER = SetDivert(ANNA, LUN, NOW + timedelta(hours=1))


async def path_to(web: Web, what: str) -> str:
    return f"/hanvisning/{seal(await only(web))}/{what}"


async def test_what_another_set_meanwhile_is_shown_before_it_is_replaced(
    web: Web, anna: Browser
):
    await by_phone(web)
    answer = await anna.sends("/hanvisning", reason="SAM", until="18:00")
    assert answer.status_code == 409
    assert "<h1>Någon hann före</h1>" in anna.page
    assert "sammanträde, åter i dag 18:00" in anna.page
    assert "satt med rösten" in anna.page
    assert (await only(web)).source is Source.VOICE
    await anna.sends("/hanvisning")
    assert "Klart: sammanträde, åter i dag 18:00." in anna.page
    assert (await only(web)).source is Source.WEB


async def test_what_was_filled_in_waits_on_the_page_too(web: Web, anna: Browser):
    await by_phone(web)
    await anna.sends("/hanvisning", reason="LUN", until="12:30")
    await anna.opens("/")
    assert 'value="12:30"' in anna.page
    assert 'name="reason" value="LUN" checked' in anna.page


async def test_of_two_tabs_the_second_is_told(web: Web, anna: Browser):
    other = await web.logged_in("anna")
    await anna.sends("/hanvisning", reason="SAM", until="15:00")
    answer = await other.sends("/hanvisning", reason="LUN", until="12:30")
    assert answer.status_code == 409
    assert [each.reason for each in await diverts(web)] == [SAM]


async def test_of_two_at_once_only_one_is_obeyed(web: Web, anna: Browser):
    other = await web.logged_in("anna")
    answers = await asyncio.gather(
        anna.sends("/hanvisning", reason="SAM", until="15:00"),
        other.sends("/hanvisning", reason="LUN", until="12:30"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await diverts(web)) == 1


async def test_a_divert_that_was_moved_meanwhile_is_not_cleared(
    web: Web, anna: Browser
):
    await by_phone(web)
    await anna.opens("/")
    path = await path_to(web, "ta-bort")
    await by_phone(web)
    web.clock.goes(minutes=1)
    await by_phone(web)
    answer = await anna.sends(path)
    assert answer.status_code == 409
    again = await path_to(web, "ta-bort")
    assert "Ta bort den som gäller nu" in anna.page
    await anna.sends(again)
    assert await diverts(web) == ()


async def test_one_that_is_cleared_already_cannot_be_cleared_again(
    web: Web, anna: Browser
):
    await by_phone(web)
    await anna.opens("/")
    path = await path_to(web, "ta-bort")
    await by_phone(web, ClearDivert(ANNA))
    answer = await anna.sends(path)
    assert answer.status_code == 409
    assert "Din telefon är öppen" in anna.page
    assert "Ta bort den som gäller nu" not in anna.page


async def test_a_change_of_what_is_gone_can_be_made_of_what_counts(
    web: Web, anna: Browser
):
    await by_phone(web, EARLIER)
    await anna.opens("/")
    path = await path_to(web, "andra")
    await by_phone(web, ClearDivert(ANNA))
    await by_phone(web)
    answer = await anna.sends(path, reason="LUN", until="13:00")
    assert answer.status_code == 409
    assert "lunch, åter i dag 13:00" in anna.page
    await anna.sends(await path_to(web, "andra"))
    assert "Ändrat till lunch, åter i dag 13:00." in anna.page


async def test_a_change_of_what_is_gone_can_be_set_anew(web: Web, anna: Browser):
    await by_phone(web)
    await anna.opens("/")
    path = await path_to(web, "andra")
    await by_phone(web, ClearDivert(ANNA))
    await anna.sends(path, reason="SAM", until="16:00")
    assert "Sätt det som en ny hänvisning" in anna.page
    await anna.sends("/hanvisning")
    assert (await only(web)).source is Source.WEB


async def test_a_divert_that_ended_meanwhile_is_not_brought_back_by_a_change(
    web: Web, anna: Browser
):
    await by_phone(web, SetDivert(ANNA, LUN, NOW + timedelta(minutes=20)))
    await anna.opens("/")
    path = await path_to(web, "andra")
    web.clock.goes(minutes=25)
    answer = await anna.sends(path, reason="LUN", lasts="15m")
    assert answer.status_code == 409
    assert "lunch, åter i dag 12:20" in anna.page
    assert (await only(web)).ended(web.clock())


async def test_all_are_cleared_only_if_all_were_shown(web: Web, anna: Browser):
    await by_phone(web)
    await by_phone(web, EARLIER)
    await anna.opens("/")
    third = SetDivert(ANNA, "KUR", NOW + timedelta(hours=5))
    await by_phone(web, third)
    answer = await anna.sends("/hanvisning/ta-bort")
    assert answer.status_code == 409
    assert len(await diverts(web)) == 3
    await anna.sends("/hanvisning/ta-bort")
    assert await diverts(web) == ()


async def test_only_the_change_that_was_shown_is_taken_back(web: Web, anna: Browser):
    await by_phone(web)
    await anna.opens("/")
    await by_phone(web, EARLIER)
    answer = await anna.sends("/hanvisning/angra")
    assert answer.status_code == 409
    assert len(await diverts(web)) == 2
    await anna.sends("/hanvisning/angra")
    assert (await only(web)).reason == SAM


async def test_a_change_that_is_taken_back_already_is_not_taken_back_twice(
    web: Web, anna: Browser
):
    await by_phone(web)
    await anna.opens("/")
    await by_phone(web, UndoChange(ANNA))
    answer = await anna.sends("/hanvisning/angra")
    assert answer.status_code == 409
    assert "Ångra det i stället" not in anna.page


@pytest.mark.parametrize("what", ["andra", "ta-bort"])
async def test_a_seal_of_nothing_stands_for_nothing(web: Web, anna: Browser, what: str):
    await by_phone(web)
    await anna.opens("/")
    path = await path_to(web, what)
    forged = path.replace(path.split("/")[2], "%27--%3Cscript%3E")
    headers = {"hx-request": "true", "x-csrf-token": _token(anna)}
    answer = await anna.client.post(forged, data={"reason": "SAM"}, headers=headers)
    assert answer.status_code == 409
    assert "<script>" not in answer.text.partition("</head>")[2]
    assert len(await diverts(web)) == 1


def _token(browser: Browser) -> str:
    return browser.page.partition('"X-CSRF-Token": "')[2].partition('"')[0]


async def test_a_seal_is_of_one_divert_at_one_time(web: Web):
    await by_phone(web, MEETING)
    before: Divert = await only(web)
    first = change_seal(await web.store.diverts.standing(ANNA))
    assert sealed((before,), seal(before)) == before
    web.clock.goes(seconds=1)
    await by_phone(web, MEETING)
    stands = await web.store.diverts.standing(ANNA)
    assert sealed(stands.diverts, seal(before)) is None
    assert change_seal(stands) != first


async def test_what_a_database_keeps_is_known_again_by_its_seal(
    catalog: Catalog, tmp_path: Path
):
    async with (
        open_store(f"sqlite:///{tmp_path}/telefonist.db") as store,
        opened_web(catalog, store) as web,
    ):
        anna, other = [await web.logged_in("anna") for _ in range(2)]
        answers = await asyncio.gather(
            anna.sends("/hanvisning", reason="SAM", until="15:00"),
            other.sends("/hanvisning", reason="LUN", until="12:30"),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        await anna.opens("/")
        await anna.sends(await path_to(web, "andra"), reason="KUR", until="16:00")
        assert "Ändrat till kurs, åter i dag 16:00." in anna.page
        await anna.sends(await path_to(web, "ta-bort"))
        await anna.sends("/hanvisning/angra")
        assert (await only(web)).reason == "KUR"
