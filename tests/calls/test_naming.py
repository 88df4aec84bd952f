"""The names of a directory in the ears: heard, renewed, and kept by calls."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from invented import PEOPLE

from voice.calls.attendant import Attendant
from voice.calls.caller import LineCaller, Understanding
from voice.calls.naming import Naming
from voice.config import settings
from voice.dialogue.opening import answer
from voice.dialogue.people import Person
from voice.divert.model import Extension
from voice.house import House, desk, open_house, read_catalog
from voice.language.understand import sense
from voice.phone.memory import MemoryLine, Plays, Presses
from voice.sound.endpoint import Loudness
from voice.sound.listening import Listening
from voice.store.memory import memory_store
from voice.store.port import Listing, Store, Turn, Who

pytestmark = pytest.mark.model

log = logging.getLogger("voice.calls.naming")
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
FRAME = 320
QUIET = bytes(FRAME * 80)
# Of every 131st of 5,250 names, spoken clearly by espeak after "sök", the ear heard 40
# of 41 on 2026-11-28; people are harder. What is misheard is told, and asked about.
FOUND_AT_LEAST = 0.85


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all: the mouth's process belongs to the one it began in."""
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def house(cache: Path, runner: asyncio.Runner) -> Iterator[House]:
    chosen = settings({"TELEFONIST_CACHE": str(cache)})
    stack = AsyncExitStack()
    opening = open_house(chosen, read_catalog(chosen.grammar), memory_store(), NOW)
    yield runner.run(stack.enter_async_context(opening))
    runner.run(stack.aclose())


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def naming(store: Store, house: House, cache: Path) -> Naming:
    return Naming(store.directory, house.understanding, house.model, cache)


async def listed(store: Store, *people: tuple[str, str]) -> None:
    listings = [Listing(extension, name) for extension, name in people]
    await store.directory.put(listings, NOW, "test")


def heard(pcm: bytes, place: str, known: Understanding) -> str:
    """Return the words that the ears of a place hear in a sound."""
    assert known.hearing is not None
    listening = known.hearing.listen(place, Loudness())
    return text_of(pcm, listening)


def text_of(pcm: bytes, listening: Listening) -> str:
    whole = QUIET[: 20 * FRAME] + pcm + bytes(-len(pcm) % FRAME) + QUIET
    for at in range(0, len(whole), FRAME):
        utterance = listening.feed(whole[at : at + FRAME])
        if utterance is not None:
            return utterance.text
    return ""


def test_whoever_is_listed_can_be_heard_and_whoever_is_not_cannot(
    naming: Naming, store: Store, house: House, runner: asyncio.Runner
) -> None:
    async def asked() -> None:
        before = naming.current
        await listed(store, ("1300", "Anna Berg"), ("1301", "Szymon Öquist"))
        await naming.refresh()
        first = naming.current
        said = await house.mouth.say("sök Szymon Öquist")
        assert heard(said, "start", first) == "sök szymon öquist"
        assert heard(said, "start", before) != "sök szymon öquist"
        alone = await house.mouth.say("Anna Berg")
        assert heard(alone, "name", first) == "anna berg"
        assert heard(alone, "which", first) == "anna berg"

        await store.directory.remove("1301", NOW, "test")
        await naming.refresh()
        assert heard(said, "start", naming.current) != "sök szymon öquist"
        # A call that began before goes on as it began.
        assert heard(said, "start", first) == "sök szymon öquist"

    runner.run(asked())


def test_what_has_not_changed_is_not_made_again(
    naming: Naming, store: Store, runner: asyncio.Runner
) -> None:
    async def asked() -> None:
        await listed(store, ("1300", "Anna Berg"))
        await naming.refresh()
        first = naming.current
        await naming.refresh()
        assert naming.current is first
        await listed(store, ("1301", "Bo Ek"))
        await naming.refresh()
        assert naming.current is not first

    runner.run(asked())


def test_no_name_stays_in_the_cache_of_who_has_left_the_directory(
    naming: Naming, store: Store, house: House, cache: Path, runner: asyncio.Runner
) -> None:
    def names_kept() -> list[str]:
        files = (cache / "names" / "graphs").rglob("pronunciations.txt")
        return [file.read_text("utf-8") for file in files]

    async def asked() -> None:
        await listed(store, ("1300", "Szymon Öquist"), ("1301", "Bo Ek"))
        await naming.refresh()
        assert any("szymon" in text for text in names_kept())
        await store.directory.remove("1300", NOW, "test")
        # Whoever begins anew does not know what was made before.
        again = Naming(store.directory, house.understanding, house.model, cache)
        await again.refresh()
        assert names_kept() != []
        assert not any("szymon" in text for text in names_kept())
        said = await house.mouth.say("sök Bo Ek")
        assert heard(said, "start", again.current) == "sök bo ek"

    runner.run(asked())


def test_names_that_sound_alike_are_found_by_either(
    naming: Naming, store: Store, house: House, runner: asyncio.Runner
) -> None:
    async def asked() -> None:
        await listed(store, ("1300", "Mikael Ek"), ("1301", "Micael Ek"))
        await naming.refresh()
        text = heard(await house.mouth.say("sök Mikael Ek"), "start", naming.current)
        _, found = sense(text, "start", naming.current.catalog)
        assert [person.extension for person in found] == ["1301", "1300"]

    runner.run(asked())


def test_a_name_that_no_rule_pronounces_hides_no_other(
    naming: Naming,
    store: Store,
    house: House,
    runner: asyncio.Runner,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def asked() -> None:
        await listed(store, ("1300", "Anna Berg"), ("1301", "Ольга Петрова"))
        await naming.refresh()
        said = await house.mouth.say("sök Anna Berg")
        assert heard(said, "start", naming.current) == "sök anna berg"

    runner.run(asked())
    assert "cannot be pronounced" in caplog.text
    assert "ольга" not in caplog.text.lower()


def test_without_ears_numbers_can_be_asked_for(
    store: Store, house: House, cache: Path, runner: asyncio.Runner
) -> None:
    async def asked() -> None:
        deaf = replace(house.understanding, hearing=None)
        naming = Naming(store.directory, deaf, None, cache)
        await listed(store, ("1300", "Anna Berg"))
        await naming.refresh()
        assert naming.current.hearing is None
        assert "anna berg" in naming.current.catalog.names

    runner.run(asked())


class Told(logging.Handler):
    """Lets a test wait for what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.something = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.text += record.getMessage()
        self.something.set()


def test_names_that_cannot_be_renewed_stay_until_they_can(
    store: Store, house: House, tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def asked() -> None:
        told = Told()
        log.addHandler(told)
        log.setLevel(logging.INFO)
        blocked = tmp_path / "cache"
        blocked.write_text("no folder")
        naming = Naming(store.directory, house.understanding, house.model, blocked)
        before = naming.current
        await listed(store, ("1300", "Anna Berg"))
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            keeping = group.create_task(naming.keep_current(every=0.01))
            await told.something.wait()
            assert naming.current is before
            assert "GraphError" in told.text
            assert "anna" not in told.text.lower()
            blocked.unlink()
            while "can be asked for" not in told.text:
                told.something.clear()
                await told.something.wait()
            keeping.cancel()
        log.removeHandler(told)
        said = await house.mouth.say("sök Anna Berg")
        assert heard(said, "start", naming.current) == "sök anna berg"

    runner.run(asked())


def test_among_five_thousand_most_are_found_by_a_synthetic_voice(
    naming: Naming, store: Store, house: House, runner: asyncio.Runner
) -> None:
    async def asked() -> tuple[int, int]:
        listings = [Listing(p.extension, p.name, p.unit) for p in PEOPLE]
        await store.directory.put(listings, NOW, "test")
        await naming.refresh()
        found = [await is_found(person) for person in PEOPLE[::131]]
        return sum(found), len(found)

    async def is_found(person: Person) -> bool:
        said = await house.mouth.say(f"sök {person.name}")
        text = heard(said, "start", naming.current)
        return sense(text, "start", naming.current.catalog) == ("seek", (person,))

    found, asked_for = runner.run(asked())
    assert found >= FOUND_AT_LEAST * asked_for


def test_somebody_is_asked_for_heard_of_and_called_in_one_call(
    naming: Naming, store: Store, house: House, runner: asyncio.Runner
) -> None:
    turns: list[Turn] = []

    async def record(turn: Turn) -> None:
        turns.append(turn)

    async def called() -> str | None:
        await listed(store, ("1300", "Karin Lindgren"), ("1301", "Bo Ek"))
        await naming.refresh()
        said = await house.mouth.say("sök Karin Lindgren")
        line = MemoryLine([Plays(said), Presses("1")])
        attendant = Attendant(
            desk(naming.current.catalog, store, NOW), Extension("1301"), NOW, record
        )
        await attendant.attend(LineCaller(line, naming.current), answer())
        return line.transferred_to

    assert runner.run(called()) == "1300"
    told = [turn.text for turn in turns if turn.who is Who.ATTENDANT]
    assert told[1:3] == ["Karin Lindgren har öppen telefon.", "Vill du bli kopplad?"]
