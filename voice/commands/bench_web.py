"""`bench --web`: pages of a large site, and those who look at calls as they go on."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from statistics import quantiles

from voice.commands.bench_pages import OTHERS, PROMISED
from voice.commands.figures import Figure
from voice.commands.options import notes
from voice.store.port import Call, CallId, Store, Turn, Who
from voice.trials.machine import cores
from voice.trials.many import open_many
from voice.trials.many_people import extension
from voice.trials.trial_stores import chosen, open_trial_store
from voice.trials.web_trial import WebTrial, arrival, open_web_trial

# What is promised is asked for so much oftener than other pages.
_OFTENER = 5
# Nobody may ask more often.
_BETWEEN_SECONDS = 0.06
_TURNS, _APART_SECONDS = 50, 0.25
_CALL = CallId("trial-live")
_LATE_SECONDS = 10.0


async def measured(
    store: str | None, people: int, turns: int, viewers: int, asked: int
) -> list[Figure]:
    """Measure pages over stores that are filled for it, and then live words."""
    figures: list[Figure] = []
    for which in chosen(store):
        async with open_trial_store(which) as made:
            notes.print(f"[dim]{made.name}: {people} people, {turns} turns.[/dim]")
            there, now = cores(), datetime.now(UTC)
            core = there[0] if there else None
            async with (
                open_many(made.url, people, turns, now) as opened,
                open_web_trial(made.url, opened, core) as trial,
            ):
                found = [
                    *await _promised(trial, asked),
                    *await _size(trial),
                    *await _others(trial, max(2, asked // _OFTENER)),
                    *await _live(trial, opened, viewers),
                ]
        figures += [replace(each, name=f"{made.name}: {each.name}") for each in found]
    return figures


async def _promised(trial: WebTrial, times: int) -> list[Figure]:
    found: list[Figure] = []
    for name, paths in PROMISED.items():
        before = trial.cpu
        found.append(
            Figure(f"{name}, 95 %", await _late(trial, paths, times), "s", 0.05)
        )
        # What it takes where others keep the machine busy.
        spent = round((trial.cpu - before) / (len(paths) + times), 4)
        found.append(Figure(f"{name}, processor time", spent, "s"))
    return found


async def _others(trial: WebTrial, times: int) -> list[Figure]:
    found = [
        Figure(f"{name}, 95 %", await _late(trial, paths, times), "s")
        for name, paths in OTHERS.items()
    ]
    slowest = max(each.value for each in found)
    return [*found, Figure("other pages, the slowest of these", slowest, "s")]


async def _late(trial: WebTrial, paths: Sequence[str], times: int) -> float:
    took: list[float] = []
    # All is warm after the first of each.
    for path in islice(cycle(paths), len(paths) + times):
        took.append(await trial.seconds(path))
        await asyncio.sleep(_BETWEEN_SECONDS)
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
