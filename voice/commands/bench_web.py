"""`bench --web`: pages of a large site, and those who look at calls as they go on."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import cycle, islice
from statistics import quantiles

from voice.commands.figures import Figure
from voice.commands.options import notes
from voice.store.port import Call, CallId, Store, Turn, Who
from voice.trials.machine import cores
from voice.trials.many import extension, open_many
from voice.trials.web_trial import WebTrial, arrival, open_web_trial

_ASKED = 100
# Nobody may ask more often.
_BETWEEN_SECONDS = 0.06
# As one types them.
_SOUGHT = ("a", "an", "ann", "anna", "öst", "berg-7", "skola", "12", "1234", "åsa ek")
_TURNS, _APART_SECONDS = 50, 0.25
_CALL = CallId("trial-live")
_LATE_SECONDS = 10.0


async def measured(
    store: str | None, people: int, turns: int, viewers: int
) -> list[Figure]:
    """Measure pages over a store that is filled for it, and then live words."""
    with tempfile.TemporaryDirectory() as folder:
        url = store or f"sqlite:///{folder}/telefonist.db"
        notes.print(f"[dim]{people} people, {turns} turns.[/dim]")
        there, now = cores(), datetime.now(UTC)
        core = there[0] if there else None
        async with (
            open_many(url, people, turns, now) as opened,
            open_web_trial(url, opened, core) as trial,
        ):
            return [
                *await _pages(trial),
                *await _size(trial),
                *await _live(trial, opened, viewers),
            ]


async def _pages(trial: WebTrial) -> list[Figure]:
    sought = [f"/katalog?q={each}" for each in _SOUGHT]
    asked = {"start page": ["/"], "directory search": sought}
    asked |= {"calls": ["/samtal"], "search in calls": ["/samtal?q=augusti"]}
    return [
        Figure(f"{name}, 95 %", await _late(trial.seconds, paths), "s", 0.05)
        for name, paths in asked.items()
    ]


async def _late(seconds: Callable[[str], Awaitable[float]], paths: list[str]) -> float:
    took: list[float] = []
    for path in islice(cycle(paths), _ASKED + len(paths)):
        took.append(await seconds(path))
        await asyncio.sleep(_BETWEEN_SECONDS)
    # All is warm after the first of each.
    return round(quantiles(took[len(paths) :], n=20)[-1], 4)


async def _size(trial: WebTrial) -> list[Figure]:
    sent, whole = await trial.bytes("/")
    name = f"start page with all its files, as sent; unpacked {whole / 1000:.0f} kB"
    return [Figure(name, round(sent / 1000, 1), "kB", 60.0)]


async def _live(trial: WebTrial, store: Store, viewers: int) -> list[Figure]:
    """Let many look at a call that goes on, and time its words from store to each."""
    notes.print(f"[dim]{viewers} viewers.[/dim]")
    begun = Call(_CALL, "4949", extension(0), datetime.now(UTC))
    await store.transcripts.begin(begun)
    said = [f"ord-{nth:03}-sagt" for nth in range(_TURNS)]
    async with AsyncExitStack() as opened:
        streams = []
        for _ in range(viewers):
            streams.append(await opened.enter_async_context(trial.looking()))
            await asyncio.sleep(_BETWEEN_SECONDS)
        looking = [asyncio.create_task(arrival(each, said)) for each in streams]
        cpu, began = trial.cpu, time.perf_counter()
        spoken = await _spoken(store, said)
        spent, took = trial.cpu - cpu, time.perf_counter() - began
        await asyncio.wait(looking, timeout=_LATE_SECONDS)
        for task in looking:
            task.cancel()
        await asyncio.wait(looking)
    told = [task.result() for task in looking if not task.cancelled()]
    delays = [each[text] - spoken[text] for each in told for text in said]
    lost = viewers * len(said) - len(delays)
    each = f"{viewers} viewers"
    late = round(quantiles(delays, n=20)[-1], 3) if delays else float("inf")
    slowest = round(max(delays), 3) if delays else float("inf")
    return [
        Figure(f"{each}: turns that did not come to all", lost, "", 0),
        Figure(f"{each}: from the call to a viewer, 95 %", late, "s", 0.3),
        Figure(f"{each}: from the call to a viewer, slowest", slowest, "s", 0.3),
        Figure(f"{each}: share of one core", round(spent / took, 3), "", 0.9),
    ]


async def _spoken(store: Store, said: list[str]) -> dict[str, float]:
    """Say each thing in its time, and return when the store had it."""
    spoken: dict[str, float] = {}
    for nth, text in enumerate(said):
        await store.transcripts.add(_CALL, Turn(float(nth), Who.CALLER, text, 0.9))
        spoken[text] = time.perf_counter()
        await asyncio.sleep(_APART_SECONDS)
    return spoken
