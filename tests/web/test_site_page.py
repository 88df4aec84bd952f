"""The settings file on the web: tried whole, then replaced, and told on the trail."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from web_house import Browser, Web, opened_web

from voice.config import RetentionSettings, settings
from voice.language.catalog import Catalog
from voice.settings_file import EXAMPLE
from voice.web.app import create_app
from voice.web_settings import SettingsFile

SITE, DAYS = "/installningar/tjansten", "retention-transcripts_days"
TRAIL = "retention-trail_days"
KEPT = {DAYS: "90", TRAIL: "730"}
TWO_LINES = """[[sip]]
trusted = ["10.0.0.1"] # växeln
[[sip]]
listen = "0.0.0.0:5070"
[asterisk]
on = true
[recording]
days = 3
"""


def read(file: Path) -> str:
    return file.read_text("utf-8")


def write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "settings.toml"
    write(made, read(EXAMPLE))
    return made


@pytest.fixture
async def web(catalog: Catalog, file: Path) -> AsyncIterator[Web]:
    async with opened_web(catalog) as opened:
        desk = SettingsFile(file, opened.store.audit)
        with_file = replace(opened.house.administration, settings=desk)
        opened.house = replace(opened.house, administration=with_file)
        opened.app = create_app(opened.house)
        yield opened


async def chef(web: Web) -> Browser:
    browser = await web.logged_in("chef")
    await browser.opens(SITE)
    return browser


async def test_peers_are_written_into_the_file(web: Web, file: Path):
    browser = await chef(web)
    peers = "10.0.0.1 10.1.0.0/24"
    await browser.sends(SITE, **{"sip-1-trusted": peers, **KEPT, "recording-days": "7"})
    assert "Det gäller från nästa gång tjänsten startas." in browser.page
    chosen = settings({}, file)
    assert chosen.sip[1].trusted == ("10.0.0.1", "10.1.0.0/24")
    assert chosen.recording.days == 7
    assert chosen.retention == RetentionSettings(90, 730)
    assert "# How SIP messages travel" in read(file)
    before = read(file.with_name("settings.toml.before"))
    assert before == read(EXAMPLE)
    told = [each for each in await web.store.audit.entries() if each.by == "web: chef"]
    assert [(each.event, each.subject, each.detail) for each in told] == [
        ("SettingChanged", "recording-days", "0 -> 7"),
        ("SettingChanged", "sip-1-trusted", " -> 10.0.0.1, 10.1.0.0/24"),
    ]


async def test_every_line_that_there_is_has_its_peers(web: Web, file: Path):
    write(file, TWO_LINES)
    browser = await chef(web)
    assert "SIP-linjen, linje 2" in browser.page
    fields = {"sip-1-trusted": "10.0.0.1", "sip-2-trusted": "10.0.0.2"}
    others = {"asterisk-trusted": "127.0.0.1", **KEPT, "recording-days": "3"}
    await browser.sends(SITE, **fields, **others)
    text = read(file)
    assert 'trusted = ["10.0.0.1"] # växeln' in text
    assert settings({}, file).sip[2].trusted == ("10.0.0.2",)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("sip-1-trusted", "0.0.0.0/0", "aldrig ett nät som omfattar alla"),
        ("sip-1-trusted", "växeln", "Skriv adresser och nät"),
        (DAYS, "0", "Skriv ett antal dagar, från 1"),
        (TRAIL, "29", "Skriv ett antal dagar, från 30"),
        ("recording-days", "-1", "Skriv ett antal dagar"),
        ("recording-days", "", "Skriv ett antal dagar"),
        ("recording-days", "²", "Skriv ett antal dagar"),
    ],
)
async def test_what_cannot_be_read_is_blamed_and_nothing_is_written(
    web: Web, file: Path, name: str, text: str, told: str
):
    browser = await chef(web)
    well = {"sip-1-trusted": "10.0.0.1", **KEPT, "recording-days": "7"}
    answer = await browser.sends(SITE, **(well | {name: text}))
    assert answer.status_code == 422
    assert told in browser.page
    assert read(file) == read(EXAMPLE)


async def test_nothing_changed_is_nothing_written(web: Web, file: Path):
    browser = await chef(web)
    await browser.sends(SITE, **{"sip-1-trusted": "", **KEPT, "recording-days": "0"})
    assert "Ingenting var ändrat." in browser.page
    assert not file.with_name("settings.toml.before").exists()


async def test_two_administrators_at_once_do_not_undo_each_other_unseen(
    web: Web, file: Path
):
    one, other = await chef(web), await chef(web)
    await one.sends(
        SITE, **{"sip-1-trusted": "10.0.0.1", **KEPT, "recording-days": "0"}
    )
    filled = {"sip-1-trusted": "10.0.0.2", **KEPT, "recording-days": "0"}
    answer = await other.sends(SITE, **filled)
    assert answer.status_code == 409
    assert "Filen har ändrats under tiden." in other.page
    assert '<dd class="number">10.0.0.1</dd>' in other.page
    assert 'value="10.0.0.2"' in other.page
    assert settings({}, file).sip[1].trusted == ("10.0.0.1",)
    await other.sends(SITE, **filled)
    assert settings({}, file).sip[1].trusted == ("10.0.0.2",)


async def test_a_file_that_is_no_whole_by_hand_is_told_and_left(web: Web, file: Path):
    browser = await chef(web)
    write(file, "[sip]\nlisten = 5\n")
    answer = await browser.opens(SITE)
    assert answer.status_code == 200
    assert "settings.toml:2: [sip] listen" in browser.page
    assert "<form" not in browser.page.partition("<main")[2]


async def test_a_change_that_the_rest_of_the_file_forbids_is_not_made(
    web: Web, file: Path
):
    # What each key says is right, and two of them clash.
    clash = '[health]\nlisten = "0.0.0.0:9949"\n'
    write(file, clash)
    browser = await chef(web)
    fields = {"sip-1-trusted": "10.0.0.1", **KEPT, "recording-days": "0"}
    answer = await browser.sends(SITE, **fields)
    assert answer.status_code == 422
    assert "settings.toml:2: [health]" in browser.page
    assert ".settings.toml.new" not in browser.page
    assert read(file) == clash
    entries = await web.store.audit.entries()
    assert "web: chef" not in {each.by for each in entries}


async def test_a_house_without_a_file_says_how_to_make_one(catalog: Catalog):
    async with opened_web(catalog) as web:
        browser = await chef(web)
        assert "Tjänsten går utan inställningsfil" in browser.page
        answer = await browser.sends(SITE, _token="x")
        assert answer.status_code == 403


@pytest.mark.parametrize("login", ["anna", "bo"])
async def test_only_administrators_see_the_file(web: Web, login: str):
    browser = await web.logged_in(login)
    assert (await browser.opens(SITE)).status_code == 403
