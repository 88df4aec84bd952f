"""`bench`: speed and memory, measured on this machine, as a table or JSON."""

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import typer

from voice.commands.bench_calendars import measured as measured_calendars
from voice.commands.bench_line import measured as measured_on_line
from voice.commands.figures import Figure, show
from voice.commands.options import Json, console, settings, watched
from voice.config import Settings
from voice.errors import VoiceError
from voice.hearing import open_hearing
from voice.house import House, desk, open_house, read_catalog
from voice.sound.acceptor import Progress
from voice.sound.models import open_model
from voice.store.database import open_store
from voice.trials.replay import open_play, prepare
from voice.trials.screenplay import NOW, Screenplay
from voice.trials.timing import TimedCall, timed_call

_CALLS_AT_ONCE = 20
_ROUNDS = 5
_FOLLOWED, _LARGE = 2000, 10_000


class BenchError(VoiceError):
    """Something cannot be measured on this machine."""


def bench(
    line: Annotated[
        bool,
        typer.Option("--line", help="Call the whole service; takes ten minutes."),
    ] = False,
    calls: Annotated[
        int, typer.Option(min=1, max=200, help="With --line: calls at once.")
    ] = 40,
    in_a_row: Annotated[
        int, typer.Option(min=2, max=10000, help="With --line: calls in a row.")
    ] = 200,
    calendars: Annotated[
        bool,
        typer.Option("--calendars", help="Follow many; takes a quarter of an hour."),
    ] = False,
    people: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=10000,
            help="With --calendars: who is followed; with --web: the directory.",
        ),
    ] = None,
    changes: Annotated[
        int, typer.Option(min=2, max=10000, help="With --calendars: one a second.")
    ] = 200,
    web: Annotated[
        bool, typer.Option("--web", help="Ask for pages; takes some minutes.")
    ] = False,
    turns: Annotated[
        int, typer.Option(min=10, max=10**7, help="With --web: what was said before.")
    ] = 10**6,
    asked: Annotated[
        int, typer.Option(min=5, max=1000, help="With --web: how often for a page.")
    ] = 100,
    viewers: Annotated[
        int, typer.Option(min=1, max=500, help="With --web: who look at calls.")
    ] = 200,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="sqlite|postgresql|both|URL",
            help="With --web: what is filled, and gone afterwards.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure loading, decoding, answering and memory, on recorded calls.

    With --line, real telephone calls on this machine are measured from outside; with
    --calendars, how soon phones follow calendars that stand in for real ones; with
    --web, pages of a large site, and calls that many look at.
    """
    if line + calendars + web > 1:
        raise BenchError("Measure one thing at a time: --line, --calendars or --web.")
    if not (as_json or line or calendars or web):
        console.print("[dim]Measuring; this takes about a minute.[/dim]")
    chosen = settings()
    if line:
        work = measured_on_line(chosen, calls, in_a_row)
    elif calendars:
        work = measured_calendars(chosen, people or _FOLLOWED, changes)
    elif web:
        # Loaded only where there are pages: it takes half a second.
        from voice.commands.bench_web import measured as measured_web

        work = measured_web(store, people or _LARGE, turns, viewers, asked)
    else:
        work = _measured(chosen)
    try:
        show(asyncio.run(_until_told(work)), as_json)
    except asyncio.CancelledError:
        raise typer.Exit(128 + signal.SIGTERM) from None


async def _until_told(work: Coroutine[None, None, list[Figure]]) -> list[Figure]:
    """Work until it is done; who is told to end takes away what was made.

    A server would go on alone.
    """
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


async def _measured(chosen: Settings) -> list[Figure]:
    plays = [open_play(p, None, None) for p in _plays(chosen.demo)]
    compiling, loading = _opening_times(chosen)
    catalog = read_catalog(chosen.grammar)
    async with (
        open_store("memory:") as store,
        open_house(chosen, catalog, store, NOW) as house,
    ):
        await _together(plays[:1], house)  # the fixed prompts are made once
        alone = [
            await _taken(play, house) for play in watched(plays * _ROUNDS, "Calling")
        ]
        with _one_core():
            crowd = [plays[n % len(plays)] for n in range(_CALLS_AT_ONCE)]
            began = time.perf_counter()
            calls = await _together(crowd, house)
            elapsed = time.perf_counter() - began
            memory = _resident_mb(house)
        answering = _answering(alone, house)
    return [
        Figure("graphs of all places compiled", compiling, "s", 1.0),
        Figure("model and graphs loaded", loading, "s", 0.5),
        *answering,
        Figure("one core's share of a call", _share(alone), "", 0.02),
        Figure(
            f"{_CALLS_AT_ONCE} calls at once on one core, time per time of call",
            round(elapsed / max(call.seconds for call in calls), 3),
            "",
            1.0,
        ),
        Figure(f"memory with {_CALLS_AT_ONCE} calls at once", memory, "MB", 250.0),
    ]


def _plays(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.call"))


def _opening_times(chosen: Settings) -> tuple[float, float]:
    """Return the seconds to compile every graph, and to load them when compiled."""
    catalog = read_catalog(chosen.grammar)
    with tempfile.TemporaryDirectory() as folder:

        def opened() -> None:
            model = open_model(chosen.models)
            open_hearing(catalog, model, Path(folder), chosen.waiting)

        whole = _seconds(opened)
        loading = min(_seconds(opened) for _ in range(_ROUNDS))
    return round(whole - loading, 3), round(loading, 3)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _answering(calls: list[TimedCall], house: House) -> list[Figure]:
    """Time the answers to sentences that nothing can extend; others are waited on."""
    places = house.hearing.places.values()
    delays = sorted(
        answer.delay
        for call in calls
        for answer in call.answers
        if any(p.progress(answer.text.split()) is Progress.WHOLE for p in places)
    )
    late = quantiles(delays, n=20)[-1]
    return [
        Figure(
            "end of whole sentence to answer, median", _ms(median(delays)), "s", 0.3
        ),
        Figure("end of whole sentence to answer, 95 %", _ms(late), "s", 0.5),
    ]


def _ms(seconds: float) -> float:
    return round(seconds, 3)


def _share(calls: list[TimedCall]) -> float:
    spent = sum(call.cpu_seconds for call in calls)
    return round(spent / sum(call.seconds for call in calls), 4)


async def _taken(play: Screenplay, house: House) -> TimedCall:
    async with open_store("memory:") as store:
        await prepare(play, store, known=False)
        return await timed_call(play, desk(house.desk.catalog, store, play.now), house)


async def _together(plays: list[Screenplay], house: House) -> list[TimedCall]:
    return await asyncio.gather(*(_taken(play, house) for play in plays))


@contextlib.contextmanager
def _one_core() -> Iterator[None]:
    """Keep this process to one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _resident_mb(house: House) -> float:
    """Return the memory of this process and of the one that speaks."""
    pids = ("self", house.mouth.synthesis.pid)
    pages = sum(int(_statm(pid)[1]) for pid in pids if pid is not None)
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _statm(pid: int | str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/statm").read_text().split()
    except OSError as error:
        raise BenchError(f"Memory is read as Linux tells it: {error}.") from error
