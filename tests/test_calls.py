"""Whole calls, as screenplays: what is said and keyed, and what must come of it."""

from pathlib import Path

import pytest

from voice.house import desk
from voice.store.memory import memory_store
from voice.store.port import Turn
from voice.trials.replay import open_play, prepare, replay

CALLS = sorted((Path(__file__).parent / "calls").glob("*.call"))


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
async def test_a_call_comes_to_what_its_screenplay_says(path, catalog):
    play, store = open_play(path, None, None), memory_store()
    await prepare(play, store, known=False)
    heard: list[str] = []

    async def tell(turn: Turn) -> None:
        heard.append(f"{turn.who} {turn.text}")

    replayed = await replay(play, desk(catalog, store, play.now), None, tell)
    assert replayed.failures == (), "\n".join(heard)


def test_every_screenplay_begins_by_saying_what_it_shows():
    assert [path.name for path in CALLS if path.read_text("utf-8")[0] != "#"] == []


def test_every_screenplay_demands_something():
    demands = ("hears", "stands", "ends", "audit")
    plays = [open_play(path, None, None) for path in CALLS]
    idle = [p.name for p in plays if not any(map(p.demanded, demands))]
    assert idle == []
