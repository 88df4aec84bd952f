"""What was misheard, packed as trials: they are read, and played, as any others."""

import asyncio
import io
import wave
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from voice.commands.app import app
from voice.divert.model import Extension, ReasonCode, SetDivert, Site, Source
from voice.house import desk, read_catalog
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.marks_port import Marked, Misheard
from voice.store.memory import memory_store
from voice.store.port import Call, CallId, Listing, Store, Turn, Who
from voice.trials.misheard import misheard_set
from voice.trials.misheard_play import Heard, play_of
from voice.trials.replay import prepare, replay
from voice.trials.screenplay import read

CATALOG = read_catalog(Path(__file__).parent.parent.parent / "grammar")
NOW = datetime(2026, 3, 5, 10, 40, tzinfo=UTC)
ANNA = Extension("1234")
ONE = CallId("one")
GREETING = Turn(0.1, Who.ATTENDANT, "Telefonisten. Vad gäller det?")


class NoTapes:
    """A site that keeps no sound."""

    async def find(self, call: CallId) -> Path | None:
        return None


@dataclass(frozen=True)
class Tape:
    """A site that keeps the same sound of every call."""

    file: Path

    async def find(self, call: CallId) -> Path | None:
        return self.file


def _tape(folder: Path) -> Path:
    """Write down some seconds of a call."""
    path = folder / "one.call.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", "NONE"))
        file.writeframes(bytes(8000 * 4 * 6))
    return path


@pytest.fixture
async def store(catalog: Catalog) -> Store:
    """Return a store in which somebody, who is away, has called."""
    there = memory_store()
    await there.directory.add(Listing(ANNA, "Anna Berg"), NOW, "test")
    before = NOW - timedelta(hours=1)
    until = NOW + timedelta(hours=3)
    away = SetDivert(ANNA, ReasonCode("SAM"), until, source=Source.KEYS)
    await Door(there, Site(catalog.reasons)).obey(away, before, Source.KEYS)
    await there.transcripts.begin(Call(ONE, "4949", ANNA, NOW))
    return there


async def test_a_misheard_turn_is_played_as_it_was_said_where_it_was_said(
    store: Store, catalog: Catalog
):
    await says(store, "hänvisning", "radera den")
    await store.marks.put(Misheard(ONE, 2, "lunch till halv ett", "bo", NOW))
    (play,) = await plays(store, catalog)
    assert play.splitlines()[2:] == [
        "now      2026-03-05 11:40",
        "from     1234",
        "dials    4949",
        "has      SAM by keys until 14:40",
        "says     hänvisning",
        "says     lunch till halv ett",
        "hears    Lunch, åter tolv och trettio. Klart. "
        "Sedan gäller sammanträde, åter fjorton och fyrtio.",
        "stands   SAM until 14:40",
        "stands   LUN until 12:30",
        "ends     hung_up",
    ]


async def test_nobody_is_named_in_what_leaves_the_house(
    store: Store, catalog: Catalog, tmp_path: Path
):
    bo = Listing(Extension("1300"), "Bo Ek", search=("Bosse",))
    await store.directory.add(bo, NOW, "test")
    begun = Call(CallId("two"), "4949", bo.extension, NOW)
    await store.transcripts.begin(begun)
    heard = Turn(4.0, Who.CALLER, "sök bo ek", 0.9, '{"command": "yes"}')
    await store.transcripts.add(begun.id, heard)
    said = "jag heter Anna Berg, 800101-9002, och söker Bosse"
    await store.marks.put(Misheard(begun.id, 0, said, "bo", NOW))
    tape = await asyncio.to_thread(_tape, tmp_path)
    set_ = await misheard_set(store, catalog, Tape(tape))
    with zipfile.ZipFile(io.BytesIO(set_)) as folder:
        texts = [folder.read(name).decode() for name in folder.namelist()]
        assert not any(name.endswith(".wav") for name in folder.namelist())
    text = "".join(texts)
    assert "says     jag heter … …, …, och söker …\n" in text
    assert "# Misheard as: sök … …\n" in text
    assert "from     1234\n" in text
    told = await replayed(set_, tmp_path)
    assert told.exit_code == 0, told.output


async def test_a_sound_that_names_nobody_is_given(
    store: Store, catalog: Catalog, tmp_path: Path
):
    await says(store, "radera")
    await store.marks.put(Misheard(ONE, 1, "lunch till halv ett", "bo", NOW))
    tape = await asyncio.to_thread(_tape, tmp_path)
    set_ = await misheard_set(store, catalog, Tape(tape))
    with zipfile.ZipFile(io.BytesIO(set_)) as folder:
        assert [n for n in folder.namelist() if n.endswith(".wav")] != []


async def test_what_is_not_understood_yet_demands_nothing(
    store: Store, catalog: Catalog
):
    await says(store, "radera")
    await store.marks.put(Misheard(ONE, 1, "fixa det där med katten", "bo", NOW))
    (play,) = await plays(store, catalog)
    assert "says     fixa det där med katten\n" in play
    assert "stands" not in play.splitlines()[-1].partition("#")[0]


async def test_the_set_is_replayed_from_the_command_line(
    store: Store, catalog: Catalog, tmp_path: Path
):
    await says(store, "hänvisning", "radera den", "nej tack", "hej då")
    for turn, said in ((2, "lunch till halv ett"), (3, "ja tack"), (4, "<b>#\\")):
        await store.marks.put(Misheard(ONE, turn, said, "bo", NOW))
    told = await replayed(await packed(store, catalog), tmp_path)
    assert told.exit_code == 0, told.output
    assert '{"set": "calls", "calls": 3, "right": 3}' in told.output


async def test_a_set_in_which_somebody_is_understood_otherwise_fails(
    store: Store, catalog: Catalog, tmp_path: Path
):
    await says(store, "radera")
    await store.marks.put(Misheard(ONE, 1, "lunch till halv ett", "bo", NOW))
    set_ = await packed(store, catalog)
    told = await replayed(set_, tmp_path, ("says     lunch", "says     semester"))
    assert told.exit_code == 1
    assert "never heard: Lunch" in told.output


async def test_each_turn_is_written_down_with_the_place_it_was_said_at(
    catalog: Catalog,
):
    store, turns = memory_store(), list[Turn]()

    async def tell(turn: Turn) -> None:
        turns.append(turn)

    play = read("mumbles hänvisning lunch\nsays ja\nkeys 2\n", "x", Path())
    await prepare(play, store, known=False)
    await replay(play, desk(catalog, store, play.now), None, tell)
    said = [(turn.who, turn.place) for turn in turns if turn.who != Who.ATTENDANT]
    heard = [(Who.CALLER, "start"), (Who.CALLER, "confirm"), (Who.KEYS, "start")]
    assert said[:3] == heard


async def test_what_cannot_be_played_is_left_out(catalog: Catalog):
    store = memory_store()
    await store.transcripts.begin(Call(ONE, "nowhere at all", ANNA, NOW))
    await says(store, "radera")
    await store.marks.put(Misheard(ONE, 1, "radera", "bo", NOW))
    assert await plays(store, catalog) == []


async def test_a_set_of_nothing_is_read_too(catalog: Catalog):
    with zipfile.ZipFile(io.BytesIO(await packed(memory_store(), catalog))) as folder:
        assert folder.namelist() == ["felhort/manifest.toml"]
        assert b"sound = []" in folder.read("felhort/manifest.toml")


@given(
    turns=st.lists(st.tuples(st.sampled_from(Who), st.text()), min_size=1),
    said=st.text(),
)
def test_whatever_was_heard_gives_a_screenplay_that_can_be_read(
    turns: list[tuple[Who, str]], said: str
):
    heard = tuple(Turn(float(n), who, text) for n, (who, text) in enumerate(turns))
    last = len(heard) - 1
    mark = Misheard(ONE, last, said, "bo", NOW)
    marked = Marked(mark, Call(ONE, "4949", ANNA, NOW), heard[last])
    play = read(play_of(Heard(marked, heard, {last: said}, ()), CATALOG), "x", Path())
    assert all(line.word in ("says", "mumbles", "keys") for line in play.lines)


async def says(store: Store, *texts: str) -> None:
    await store.transcripts.add(ONE, GREETING)
    for number, text in enumerate(texts, 1):
        turn = Turn(4.0 * number, Who.CALLER, text, 0.9, '{"command": "yes"}')
        await store.transcripts.add(ONE, turn)


async def packed(store: Store, catalog: Catalog) -> bytes:
    return await misheard_set(store, catalog, NoTapes())


async def plays(store: Store, catalog: Catalog) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(await packed(store, catalog))) as folder:
        names = [name for name in folder.namelist() if name.endswith(".call")]
        return [folder.read(name).decode() for name in names]


async def replayed(
    set_: bytes, folder: Path, instead: tuple[str, str] = ("", "")
) -> Result:
    """Replay a set as its owner does, after something in it was written instead."""

    def run() -> Result:
        with zipfile.ZipFile(io.BytesIO(set_)) as there:
            there.extractall(folder)
        for file in folder.rglob("*.call"):
            text = file.read_text("utf-8")
            file.write_text(text.replace(*instead) if instead[0] else text, "utf-8")
        return CliRunner().invoke(app, ["replay", str(folder / "felhort"), "--json"])

    # A command has an event loop of its own.
    return await asyncio.to_thread(run)
