"""Calls of people who dial, speak and key by plan, placed on a service under trial."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context

from voice.divert.model import Divert, DivertSet, Event, Extension, Standing
from voice.phone.settings import PORTS_A_CALL
from voice.phone.telephones import Caller, Load, Placed, place_calls
from voice.store.port import Store, Turn, Who
from voice.trials.machine import keep_to
from voice.trials.screenplay import Screenplay
from voice.trials.steps import steps
from voice.trials.trial import Trial, free_port

_NUMBER = "4949"
_FIRST_EXTENSION = 2000
# What stands before a call does so for so long, whenever the trial is.
_STANDS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Told:
    """A call as it was heard by who placed it, and as it was written down."""

    play: Screenplay
    placed: Placed
    turns: tuple[Turn, ...]

    @property
    def meant(self) -> list[tuple[str | None, str | None]]:
        """What was understood in it, and what came of that, in order."""
        theirs = (turn for turn in self.turns if turn.who is not Who.ATTENDANT)
        return [(turn.meaning, turn.event) for turn in theirs]

    @property
    def words(self) -> list[str]:
        """What was heard of the caller's speech."""
        return [turn.text for turn in self.turns if turn.who is Who.CALLER]

    @property
    def prompts(self) -> list[str]:
        """What the attendant said."""
        return [turn.text for turn in self.turns if turn.who is Who.ATTENDANT]


def extensions(several: int) -> list[Extension]:
    """Return so many extensions of people who call."""
    return [Extension(str(_FIRST_EXTENSION + nth)) for nth in range(several)]


async def told(
    trial: Trial,
    plays: Sequence[Screenplay],
    people: Sequence[Extension],
    core: int | None,
    apart: float | None = None,
) -> list[Told]:
    """Let each make a call: so long after the one before, or when that has ended."""
    for play, person in zip(plays, people, strict=True):
        await _stands(play, person, trial.store)
    callers = [
        Caller(person, steps(play), nth * (apart or 0.0))
        for nth, (play, person) in enumerate(zip(plays, people, strict=True))
    ]
    placed = await place(trial, callers, core, in_a_row=apart is None)
    answered = [
        person
        for person, each in zip(people, placed, strict=True)
        if each.answered is not None
    ]
    turns = dict(zip(answered, await trial.turns(answered), strict=True))
    return [
        Told(play, each, turns.get(person, ()))
        for play, each, person in zip(plays, placed, people, strict=True)
    ]


async def place(
    trial: Trial, callers: Sequence[Caller], core: int | None, in_a_row: bool
) -> list[Placed]:
    """Place calls from a process of its own, on a core of its own."""
    at_once = 2 if in_a_row else len(callers)
    room = PORTS_A_CALL * at_once
    port = free_port(room + 1)
    to = f"sip:{_NUMBER}@127.0.0.1:{trial.sip}"
    load = Load(tuple(callers), to, port, (port + 1, port + room), in_a_row)
    pool = ProcessPoolExecutor(1, get_context("spawn"), keep_to, (core,))
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, place_calls, load)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def _stands(play: Screenplay, person: Extension, store: Store) -> None:
    now = datetime.now(UTC)

    def already(divert: Divert, _: Standing) -> Event:
        return DivertSet(divert)

    for each in play.standing:
        divert = Divert(
            person, each.reason, now, now + _STANDS, each.mode, each.source, now
        )
        await store.diverts.apply(person, partial(already, divert), now, "trial")
