"""`replay`: calls played again, from sounds, screenplays or a folder of fixtures."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from voice.calls.naming import Naming
from voice.commands.options import (
    SOUNDS,
    Files,
    FilesError,
    From,
    Json,
    Now,
    StoreUrl,
    console,
    expanded,
    extension,
    instant,
    notes,
    settings,
    tell,
    watched,
)
from voice.commands.transcripts import as_record, show_turn
from voice.house import House, desk, open_house, read_catalog
from voice.language.times import Moment
from voice.store.database import open_store
from voice.store.port import Store, Turn
from voice.trials.fixtures import Judged, Verdict, check_places, judge, read_fixtures
from voice.trials.replay import Replayed, admit, check_reasons, open_play, prepare
from voice.trials.replay import replay as replay_call
from voice.trials.screenplay import NOW, Screenplay

_MANIFEST = "manifest.toml"


def replay(
    files: Files,
    caller: From = None,
    now: Now = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Play calls through the whole road: sounds, screenplays, or a folder of fixtures.

    A WAV is the caller's side of a call; a .call file is a screenplay.

    With --store the calls change that store, as real ones would, and a WAV takes
    place now.
    """
    for file in files:
        if file.suffix.lower() == ".zip":
            raise FilesError(f"{file} is packed: unpack it, and name its folder.")
    folders = [file for file in files if (file / _MANIFEST).is_file()]
    others = [file for file in files if file not in folders]
    at = instant(now) if now else None
    number = extension(caller) if caller else None
    # A recording says no time, and in a store that is kept a made-up one does harm.
    sounded = instant(now) if now or store else None
    plays = [
        open_play(file, at if file.suffix == ".call" else sounded, number)
        for file in expanded(others, (*SOUNDS, ".call"))
    ]
    well = all(asyncio.run(_replay_all(plays, store, as_json)))
    for folder in folders:
        well = asyncio.run(_replay_fixtures(folder, as_json)) and well
    if not well:
        raise typer.Exit(1)


async def _replay_all(
    plays: list[Screenplay], url: str | None, as_json: bool
) -> list[bool]:
    well: list[bool] = []
    if url is not None:
        async with open_store(url) as kept:
            for play in plays:
                await admit(play, kept, instant(None))
    async with AsyncExitStack() as stack:
        house = await _house(plays, stack)
        for play in plays:
            if len(plays) > 1 and not as_json:
                console.print(f"\n── {play.name} ──", style="bold", markup=False)
            replayed = await _replayed(play, house, url, _teller(as_json))
            _show_outcome(play, replayed, as_json)
            well.append(not replayed.failures)
    return well


async def _house(plays: list[Screenplay], stack: AsyncExitStack) -> House | None:
    """Open ears and mouth, where there is something to hear."""
    if not any(play.has_sound for play in plays):
        return None
    chosen = settings()
    opened = await stack.enter_async_context(open_store("memory:"))
    catalog = read_catalog(chosen.grammar)
    house = open_house(chosen, catalog, opened, plays[0].now)
    with notes.status("Opening ears and mouth"):
        return await stack.enter_async_context(house)


async def _replayed(
    play: Screenplay,
    house: House | None,
    url: str | None,
    teller: Callable[[Turn], Awaitable[None]],
) -> Replayed:
    catalog = house.desk.catalog if house else read_catalog(settings().grammar)
    check_reasons(play, catalog)
    async with open_store(url or "memory:") as opened:
        await prepare(play, opened, known=url is not None)
        if house is not None and (play.others or url is not None):
            house = await _named(house, opened)
        return await replay_call(play, desk(catalog, opened, play.now), house, teller)


async def _named(house: House, store: Store) -> House:
    """Return the house with ears for the names of a directory."""
    cache = settings().cache
    naming = Naming(store.directory, house.understanding, house.model, cache)
    await naming.refresh()
    return replace(house, understanding=naming.current)


def _teller(as_json: bool) -> Callable[[Turn], Awaitable[None]]:
    async def teller(turn: Turn) -> None:
        if as_json:
            tell(as_record(turn))
        else:
            show_turn(turn)

    return teller


def _show_outcome(play: Screenplay, replayed: Replayed, as_json: bool) -> None:
    stands, failures = list(replayed.stands), list(replayed.failures)
    if as_json:
        ended = {"outcome": replayed.outcome, "stands": stands, "failures": failures}
        tell({"file": play.name} | ended)
        return
    told = f"{replayed.outcome}; stands: {', '.join(stands) or 'nothing'}"
    console.print(told, markup=False, soft_wrap=True)
    for failure in failures:
        console.print(failure, style="red", markup=False, soft_wrap=True)


async def _replay_fixtures(folder: Path, as_json: bool) -> bool:
    """Hear every sound of a set, play its calls, and show what came out right."""
    fixtures = read_fixtures(folder / _MANIFEST)
    plays = _plays_in(folder)
    chosen = settings()
    catalog = read_catalog(chosen.grammar)
    check_places(fixtures, catalog)
    async with (
        open_store("memory:") as opened,
        open_house(chosen, catalog, opened, NOW) as house,
    ):
        moment = Moment(NOW, house.desk.red_days, catalog.parts)
        heard = [
            judge(fixture, house.hearing, catalog, moment)
            for fixture in watched(fixtures, "Hearing")
        ]
        played = [
            (play, await _replayed(play, house, None, _nobody))
            for play in watched(plays, "Calling")
        ]
    for judged in heard:
        _show_judged(judged, as_json)
    for play, replayed in played:
        if replayed.failures and not as_json:
            console.print(f"{play.name}: ", end="", markup=False)
        if replayed.failures or as_json:
            _show_outcome(play, replayed, as_json)
    _show_table(heard, played, as_json)
    return all(j.is_right or j.fixture.fails for j in heard) and not any(
        replayed.failures for _, replayed in played
    )


def _plays_in(folder: Path) -> list[Screenplay]:
    return [open_play(path, None, None) for path in sorted(folder.rglob("*.call"))]


async def _nobody(_: Turn) -> None:
    """Tell nobody."""


def _show_judged(judged: Judged, as_json: bool) -> None:
    fixture = judged.fixture
    name = f"{fixture.folder}/{fixture.file.name}"
    if as_json:
        tell(
            {
                "file": name,
                "said": fixture.text,
                "text": judged.heard,
                "score": judged.score,
                "verdict": judged.verdict.value,
                "right": judged.is_right,
            }
        )
    elif not judged.is_right:
        known = " (known)" if fixture.fails else ""
        told = f"{judged.verdict}{known} {name} {judged.score:.2f}: "
        heard = f"{fixture.text!r} heard as {judged.heard!r}"
        console.print(told + heard, style="red", markup=False, soft_wrap=True)


def _show_table(
    heard: list[Judged], played: list[tuple[Screenplay, Replayed]], as_json: bool
) -> None:
    # Narrow enough for a terminal of 80 columns.
    rows = Table(box=SIMPLE_HEAD, padding=0)
    for number, name in enumerate(("set", "kind", "sounds", *Verdict, "as meant")):
        rows.add_column(name, justify="left" if number < 2 else "right", no_wrap=True)
    groups = sorted({(j.fixture.folder, j.fixture.kind) for j in heard})
    for group in groups:
        there = [j for j in heard if (j.fixture.folder, j.fixture.kind) == group]
        counts = Counter(judged.verdict for judged in there)
        right = sum(judged.is_right for judged in there)
        figures = [str(counts[verdict] or "") for verdict in Verdict]
        rows.add_row(*group, str(len(there)), *figures, _share(right, len(there)))
        if as_json:
            folder, kind = group
            tell({"set": folder, "kind": kind, "sounds": len(there), "right": right})
    well = sum(not replayed.failures for _, replayed in played)
    if played:
        blank = [""] * (len(Verdict) - 1)
        figures = [str(len(played)), str(well), *blank, _share(well, len(played))]
        rows.add_row("calls", "", *figures)
    if as_json:
        tell({"set": "calls", "calls": len(played), "right": well})
    else:
        console.print(rows)


def _share(right: int, there: int) -> str:
    return f"{100 * right / there:.1f} %"
