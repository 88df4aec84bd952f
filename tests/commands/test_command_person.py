"""`person`: all that is held on one person, handed over or let go of."""

import asyncio
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import Telefonist

from voice.divert.model import Extension
from voice.store.database import open_store
from voice.store.port import Call, CallId, Store, Turn, Who

NOW = datetime(2026, 3, 5, 11, 40, tzinfo=UTC)
ANNA = CallId("of-anna")
SAID = "jag heter Anna Berg och är född åttio noll ett noll ett nittio noll två"


@pytest.fixture
def anna(telefonist: Telefonist, site: Path) -> Path:
    """Let Anna have called, with the sound of it kept; return the settings file."""
    telefonist("extension", "add", "1234", "Anna Berg", "--search", "Annika")
    telefonist("extension", "add", "2345", "Bo Ek")

    async def run() -> None:
        async with open_store(str(site / "site.db")) as store:
            await told(store)

    asyncio.run(run())
    sounds = site / "sounds"
    sounds.mkdir()
    (sounds / f"{ANNA}.call.wav").write_bytes(b"RIFF")
    (sounds / "of-bo.call.wav").write_bytes(b"RIFF")
    file = site / "site.toml"
    file.write_text('[recording]\ndays = 7\nfolder = "sounds"\n', "utf-8")
    return file


async def told(store: Store) -> None:
    for call, caller, said in ((ANNA, "1234", SAID), ("of-bo", "2345", "lunch")):
        begun = Call(CallId(call), "4949", Extension(caller), NOW)
        await store.transcripts.begin(begun)
        await store.transcripts.add(begun.id, Turn(1.0, Who.CALLER, said))
        await store.transcripts.end(begun.id, "ended", NOW)


def test_a_person_is_given_all_that_is_held(anna: Path, telefonist: Telefonist):
    held = json.loads(telefonist("person", "export", "1234").out)
    assert held["listing"]["name"] == "Anna Berg"
    (transcript,) = held["calls"]
    assert transcript["call"]["began"] == "2026-03-05T11:40:00+00:00"
    assert [turn["text"] for turn in transcript["turns"]] == [SAID]
    assert held["changes"][0]["event"] == "ExtensionAdded"


def test_under_a_mask_nobody_is_told_of(anna: Path, telefonist: Telefonist):
    told = telefonist("person", "export", "1234", "--mask").out
    assert not {"Anna", "Berg", "Annika", "nittio"} & set(told.split())
    held = json.loads(told)
    assert held["extension"] == "1234"
    (turn,) = held["calls"][0]["turns"]
    assert turn["text"] == "jag heter … … och är född …"


def test_a_person_is_erased_with_the_sound_of_their_calls(
    anna: Path, telefonist: Telefonist
):
    told = telefonist("--settings", anna, "person", "erase", "1234", "--yes", "--json")
    assert (told.code, json.loads(told.out)["calls"]) == (0, 1)
    assert [each.name for each in (anna.parent / "sounds").iterdir()] == [
        "of-bo.call.wav"
    ]
    calls = telefonist("calls", "list", "--json").out
    assert [json.loads(line)["call"] for line in calls.splitlines()] == ["of-bo"]
    # The receipt is left.
    held = json.loads(telefonist("person", "export", "1234").out)
    assert [each["event"] for each in held["changes"]] == ["PersonErased"]
    assert "Anna" not in json.dumps(held)


def test_whoever_has_left_is_erased_by_the_name_that_was_theirs(
    anna: Path, telefonist: Telefonist
):
    said = "sök Anna Berg"

    async def seek() -> None:
        async with open_store(str(anna.parent / "site.db")) as store:
            begun = Call(CallId("seeks"), "4949", Extension("2345"), NOW)
            await store.transcripts.begin(begun)
            await store.transcripts.add(begun.id, Turn(1.0, Who.CALLER, said))
            await store.transcripts.end(begun.id, "ended", NOW)

    asyncio.run(seek())
    telefonist("extension", "remove", "1234")
    named = ("1234", "--name", "Anna Berg")
    assert said in telefonist("person", "export", *named).out
    told = telefonist("person", "erase", *named, "--yes", "--json")
    assert json.loads(told.out)["mentions"] == 1
    assert "Anna" not in telefonist("calls", "show", "seeks").out


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_nobody_is_erased_without_a_yes(
    anna: Path, telefonist: Telefonist, monkeypatch: pytest.MonkeyPatch, answer: str
):
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert telefonist("person", "erase", "1234").code == 1
    assert telefonist("person", "export", "1234").code == 0
    assert (anna.parent / "sounds" / f"{ANNA}.call.wav").exists()


@pytest.mark.parametrize("words", [("export",), ("erase", "--yes")])
def test_somebody_of_whom_nothing_is_held_is_blamed(
    telefonist: Telefonist, words: tuple[str, ...]
):
    told = telefonist("person", *words, "9999")
    assert told.code == 1
    assert "9999 is not in the directory" in told.err
