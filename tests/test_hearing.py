"""The recorded fixtures through the real ears: sounds, and whole calls."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from voice.config import Settings, settings
from voice.house import House, desk, open_house, read_catalog
from voice.language.times import Moment
from voice.store.memory import memory_store
from voice.store.port import Turn
from voice.trials.fixtures import Fixture, Judged, Verdict, judge, read_fixtures
from voice.trials.replay import open_play, prepare, replay
from voice.trials.screenplay import NOW

pytestmark = pytest.mark.model

ROOT = Path(__file__).parent.parent / "audio-fixtures"
FIXTURES = read_fixtures(ROOT / "manifest.toml")
CALLS = sorted(ROOT.rglob("*.call"))
# The second model was right on 158 of 188 on 2026-11-22 and misheard 5, each of them
# only asked about; the target is 95 %. Another processor may tip a sound or two.
RIGHT_AT_LEAST = 0.80
MISHEARD_AT_MOST = 6


def in_folder(name: str) -> list[Fixture]:
    return [fixture for fixture in FIXTURES if fixture.folder == name]


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    cache = tmp_path_factory.mktemp("cache")
    return settings({"TELEFONIST_CACHE": str(cache)})


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all: the mouth's process belongs to the one it began in."""
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def house(chosen: Settings, runner: asyncio.Runner) -> Iterator[House]:
    """The house, opened once: its ears are shared by all that is heard here."""
    catalog = read_catalog(chosen.grammar)
    stack = AsyncExitStack()
    opening = open_house(chosen, catalog, memory_store(), NOW)
    yield runner.run(stack.enter_async_context(opening))
    runner.run(stack.aclose())


def judged(fixtures: list[Fixture], house: House) -> list[Judged]:
    moment = Moment(NOW, house.desk.red_days, house.desk.catalog.parts)
    hearing = house.hearing
    return [judge(f, hearing, house.desk.catalog, moment) for f in fixtures]


def test_what_is_said_is_understood(house: House) -> None:
    heard = judged(in_folder("said"), house)
    assert len(heard) >= 100
    assert sum(j.is_right for j in heard) >= RIGHT_AT_LEAST * len(heard)
    misheard = [j for j in heard if j.verdict is Verdict.MISHEARD]
    assert len(misheard) <= MISHEARD_AT_MOST


def test_no_noise_is_ever_accepted(house: House) -> None:
    heard = judged(in_folder("noise"), house)
    assert len(heard) >= 20
    assert [j for j in heard if j.verdict is not Verdict.REFUSED] == []


def test_what_is_outside_the_grammar_gives_nothing_but_where_that_is_known(
    house: House,
) -> None:
    heard = judged(in_folder("other"), house)
    assert len(heard) >= 50
    wrong = {j.fixture.file.name for j in heard if not j.is_right}
    assert wrong <= {f.file.name for f in in_folder("other") if f.fails}


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_a_recorded_call_comes_out_as_its_screenplay_says(
    path: Path, house: House, runner: asyncio.Runner
) -> None:
    assert replayed(path, house, runner)[0] == ()


def replayed(
    path: Path, house: House, runner: asyncio.Runner
) -> tuple[tuple[str, ...], list[Turn]]:
    """Replay one call on a store of its own; return what failed, and its turns."""
    turns: list[Turn] = []

    async def run() -> tuple[str, ...]:
        play, store = open_play(path, None, None), memory_store()
        await prepare(play, store, known=False)
        table = desk(house.desk.catalog, store, play.now)
        return (await replay(play, table, house, record)).failures

    async def record(turn: Turn) -> None:
        turns.append(turn)

    return runner.run(run()), turns


def test_the_same_call_gives_the_same_turns_every_time(
    house: House, runner: asyncio.Runner
) -> None:
    path = ROOT / "calls/hanvisning-radera.call"
    first, again = (replayed(path, house, runner) for _ in range(2))
    assert first == again
