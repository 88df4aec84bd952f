"""Turns marked as misheard, and the sound of calls: who may, and what is noted."""

import io
import wave
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from markupsafe import escape
from web_calls import TALK, put_call, said
from web_house import Web, opened_web

from voice.calls.recording import Tape
from voice.config import RecordingSettings
from voice.language.catalog import Catalog
from voice.store.audit_port import ChangesWanted
from voice.store.port import CallId
from voice.trials.fixtures import read_fixtures

ONE = CallId("one")


@pytest.fixture
async def taped(catalog: Catalog, tmp_path: Path) -> AsyncIterator[Web]:
    """Return a web of a site that keeps the sound of calls, and has that of one."""
    recording = RecordingSettings(tmp_path / "calls", days=1)
    tape = Tape(recording.folder, ONE)
    tape.write(b"\1\0" * 40_000, b"\2\0" * 40_000)
    tape.close()
    async with opened_web(catalog, recording=recording) as opened:
        await put_call(opened.store, ONE)
        yield opened


async def test_what_was_said_in_truth_stands_beside_what_was_heard(web: Web):
    await put_call(web.store, ONE)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await browser.sends("/samtal/one/tur/1/felhord", sagt="  lunch \n till ett ")
    assert "Markerat som fel hört." in browser.page
    assert '<q dir="auto">lunch till ett</q>' in browser.page
    (mark,) = await web.store.marks.of(ONE)
    assert (mark.turn, mark.said, mark.by) == (1, "lunch till ett", "bo")
    assert await trail(web, "TurnMarked") == [("bo", "one", "turn 1")]
    await browser.sends("/samtal/one/tur/1/ratt")
    assert await web.store.marks.of(ONE) == ()


async def test_that_nothing_was_said_is_a_mark_too(web: Web):
    await put_call(web.store, ONE)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await browser.sends("/samtal/one/tur/1/felhord", inget="1", sagt="trodde jag")
    (mark,) = await web.store.marks.of(ONE)
    assert mark.said == ""
    assert "Ingenting sades till Telefonisten." in browser.page


@pytest.mark.parametrize(
    ("said", "told"),
    [(" ", "Skriv vad som sades, eller"), ("a" * 501, "Skriv högst 500 tecken.")],
)
async def test_a_mark_without_words_or_with_too_many_is_blamed(
    web: Web, said: str, told: str
):
    await put_call(web.store, ONE)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    answer = await browser.sends("/samtal/one/tur/1/felhord", sagt=said)
    assert answer.status_code == 422
    assert told in browser.page
    assert f'value="{said.strip()}"' in browser.page
    assert await web.store.marks.of(ONE) == ()


async def test_a_mark_far_into_a_call_is_blamed_where_it_stands(web: Web):
    await put_call(web.store, ONE, [said(float(n), f"ord{n}") for n in range(450)])
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one?tur=401")
    await browser.sends("/samtal/one/tur/444/felhord", sagt="")
    assert "Skriv vad som sades, eller" in browser.page
    await browser.sends("/samtal/one/tur/444/felhord", sagt="lunch")
    assert "?tur=401" in browser.at
    assert '<q dir="auto">lunch</q>' in browser.page


async def test_what_is_typed_in_a_mark_is_only_text(web: Web):
    await put_call(web.store, ONE)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    hostile = '"><script>alert(1)</script>'
    await browser.sends("/samtal/one/tur/1/felhord", sagt=hostile)
    assert f'<q dir="auto">{escape(hostile)}</q>' in browser.page
    assert "<script>alert" not in browser.page


@pytest.mark.parametrize("turn", ["0", "2", "99", "-1", "99999999999", "x"])
async def test_only_what_a_caller_said_can_be_marked(web: Web, turn: str):
    await put_call(web.store, ONE)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    token = browser.page.partition('name="_token" value="')[2].partition('"')[0]
    path = f"/samtal/one/tur/{turn}/felhord"
    answer = await browser.sends(path, sagt="nej", _token=token)
    assert answer.status_code in (404, 422)
    assert await web.store.marks.of(ONE) == ()


async def test_everything_marked_is_given_as_a_folder_and_noted(web: Web):
    await put_call(web.store, ONE)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    await browser.sends("/samtal/one/tur/1/felhord", sagt="lunch till ett")
    answer = await browser.opens("/samtal/felhort.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        names = folder.namelist()
        play = folder.read(names[0]).decode()
    assert names == ["felhort/calls/0001-one-2.call", "felhort/manifest.toml"]
    assert "says     lunch till ett\n" in play
    assert await trail(web, "MisheardExported") == [("bo", "", "")]


async def test_a_marked_turn_of_a_taped_call_is_given_as_a_sound(
    taped: Web, tmp_path: Path
):
    browser = await taped.logged_in("bo")
    await browser.opens("/samtal/one")
    await browser.sends("/samtal/one/tur/1/felhord", sagt="lunch till ett")
    answer = await browser.opens("/samtal/felhort.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        folder.extractall(tmp_path)
        manifest = folder.read("felhort/manifest.toml").decode()
    assert 'why = "heard as: hänvisning lunch till halv ett"' in manifest
    (fixture,) = read_fixtures(tmp_path / "felhort/manifest.toml")
    assert (fixture.text, fixture.place) == ("lunch till ett", "start")
    assert (fixture.folder, fixture.kind) == ("said", "person")
    with wave.open(str(fixture.file)) as read:
        # The caller's side alone, up to a little after the words were heard.
        assert (read.getnchannels(), read.getframerate()) == (1, 8000)
        frames = read.readframes(read.getnframes())
    assert len(frames) == 2 * round(8000 * (TALK[1].t + 0.3))
    assert set(frames) == {0, 1}


async def test_a_call_is_heard_where_its_sound_is_kept_and_that_is_noted_once(
    taped: Web,
):
    browser = await taped.logged_in("bo")
    await browser.opens("/samtal/one")
    assert '<audio controls preload="none" src="/samtal/one/ljud">' in browser.page
    whole = await browser.opens("/samtal/one/ljud")
    assert whole.headers["content-type"] == "audio/wav"
    assert whole.headers["cache-control"] == "no-store"
    part = await browser.opens("/samtal/one/ljud", range="bytes=44-51")
    assert (part.status_code, part.content) == (206, b"\1\0\2\0\1\0\2\0")
    beyond = await browser.opens("/samtal/one/ljud", range="bytes=9999999-")
    assert beyond.status_code == 416
    assert await trail(taped, "CallHeard") == [("bo", "one", "")]


async def test_who_listens_from_the_middle_is_noted_too(taped: Web):
    browser = await taped.logged_in("bo")
    await browser.opens("/samtal/one/ljud", range="bytes=1000-2000")
    assert await trail(taped, "CallHeard") == [("bo", "one", "")]


@pytest.mark.parametrize("path", ["ljud", "live"])
async def test_a_person_hears_nothing_of_others(taped: Web, path: str):
    browser = await taped.logged_in("anna")
    assert (await browser.opens(f"/samtal/one/{path}")).status_code == 403
    assert (await browser.opens("/samtal/felhort.zip")).status_code == 403
    assert await trail(taped, "CallHeard") == []


@pytest.mark.parametrize("id", ["two", "..%2Fone", "%2e%2e", "a" * 300])
async def test_no_other_file_is_given_for_a_sound(taped: Web, id: str):
    await put_call(taped.store, "two")
    browser = await taped.logged_in("bo")
    assert (await browser.opens(f"/samtal/{id}/ljud")).status_code == 404


async def test_without_recording_no_sound_is_offered(web: Web):
    await put_call(web.store, ONE)
    browser = await web.logged_in("bo")
    await browser.opens("/samtal/one")
    assert "<audio" not in browser.page


async def trail(web: Web, event: str) -> list[tuple[str, str, str]]:
    found = await web.store.audit.find(ChangesWanted(event=event))
    entries = [noted.entry for noted in found.changes]
    return [(entry.by, entry.subject, entry.detail) for entry in entries]
