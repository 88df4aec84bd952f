"""`bench --line`: the whole service, measured by telephones that call it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median, quantiles

from voice.commands.figures import Figure
from voice.commands.options import notes
from voice.config import Settings
from voice.errors import VoiceError
from voice.hearing import Hearing, open_hearing
from voice.house import read_catalog
from voice.phone.memory import HangsUp, Plays, Presses, Waits
from voice.phone.telephones import Begins, Caller, Placed
from voice.sound.acceptor import Progress
from voice.sound.models import open_model
from voice.sound.mouth import Mouth
from voice.store.port import Listing
from voice.trials.machine import cores
from voice.trials.overheard import answer_delay, greeting_delay, is_spoken_over, prompts
from voice.trials.replay import open_play
from voice.trials.screenplay import Screenplay
from voice.trials.steps import steps
from voice.trials.trial import Trial, open_trial
from voice.trials.trial_calls import Told, extensions, place, told

# People do not call in step: each so much after the one before.
_APART_SECONDS = 0.15
# So many calls before memory is first looked at, so that all is warm.
_FIRST_CALLS = 20
_FREED_TIMES = 10
# What is given back to the system, and when, is up to the allocators of C and Python:
# growth that cannot be told from that is none.
_GROWTH_PERCENT = 2.0
# A core that is busier has nothing left for a bad moment.
_SHARE = 0.9
# What who hangs up at once does.
_AT_ONCE = (Begins(), HangsUp(once=True))
_DROPPED = "telefonist_dropped_sound_frames_total"


class LineBenchError(VoiceError):
    """What was to be measured did not come about."""


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every part of the measuring is done with."""

    plays: Sequence[Screenplay]
    hearing: Hearing
    mouth: Mouth
    core: int | None
    """Where the telephones are: as far from the service as the machine lets them."""


async def measured(chosen: Settings, calls: int, in_a_row: int) -> list[Figure]:
    """Measure calls alone, at once and in a row, and how soon a line is free."""
    paths = sorted(chosen.demo.glob("*.call"))[:calls]
    plays = [open_play(path, None, None) for path in paths]
    hearing = open_hearing(
        read_catalog(chosen.grammar),
        open_model(chosen.models),
        chosen.cache,
        chosen.waiting,
    )
    listings = [Listing(one, "Anna Berg") for one in extensions(len(plays) + calls)]
    there = cores()
    service, telephones = (there[0], there[-1]) if there else (None, None)
    async with Mouth() as mouth:
        bench = _Bench(plays, hearing, mouth, telephones)
        async with open_trial(chosen, listings, calls, service) as trial:
            await trial.rest()
            figures = await _talks(trial, bench, calls)
            figures += await _memory(trial, bench, in_a_row)
            complaints = len(trial.complaints)
            figures.append(Figure("warnings and errors in the log", complaints, "", 0))
        async with open_trial(chosen, listings, 1, service) as trial:
            await trial.rest()
            return figures + await _freed(trial, bench)


async def _talks(trial: Trial, bench: _Bench, calls: int) -> list[Figure]:
    """Measure whole dialogues, one at a time and then all at once."""
    several = len(bench.plays)
    people = extensions(several + calls)
    notes.print("[dim]Calls one at a time.[/dim]")
    # All is warm after it.
    await _all_answered(trial, [Caller(people[0], _AT_ONCE)], bench)
    alone = await told(trial, bench.plays, people[:several], bench.core)
    crowd = [bench.plays[nth % several] for nth in range(calls)]
    notes.print(f"[dim]{calls} calls at once.[/dim]")
    cpu, dropped = trial.cpu, await trial.count(_DROPPED)
    theirs = people[several:]
    together = await told(trial, crowd, theirs, bench.core, _APART_SECONDS)
    spent, dropped = trial.cpu - cpu, await trial.count(_DROPPED) - dropped
    expected = {each.play.name: each for each in alone}
    other = sum(each.meant != expected[each.play.name].meant for each in together)
    at_once = f"{calls} calls at once"
    return [
        *await _greetings(alone, bench, "one call"),
        *_answers(alone, expected, bench, "one call"),
        *await _greetings(together, bench, at_once),
        *_answers(together, expected, bench, at_once),
        Figure(f"{at_once}: understood otherwise than alone", other, "calls", 0),
        Figure(
            f"{at_once}: share of one core",
            round(spent / _seconds(together), 3),
            "",
            _SHARE,
        ),
        Figure(f"{at_once}: dropped sound", dropped, "frames", 0),
        *await _sound(together, bench, at_once),
    ]


def _seconds(calls: Sequence[Told]) -> float:
    ended = [each.placed.heard_at[-1] for each in calls if each.placed.heard_at]
    if not ended:
        raise LineBenchError("No call was answered: see what `telefonist check` says.")
    return max(ended) - min(each.placed.dialled for each in calls)


def _answers(
    calls: Sequence[Told], expected: dict[str, Told], bench: _Bench, when: str
) -> list[Figure]:
    """Time the answers to sentences that nothing can extend; others are waited on."""
    delays: list[float] = []
    for call in calls:
        words = expected[call.play.name].words
        for text, spoken in zip(words, call.placed.spoken, strict=False):
            delay = answer_delay(call.placed, spoken)
            if delay is not None and _is_whole(text, bench.hearing):
                delays.append(delay)
    if not delays:
        raise LineBenchError(f"{when}: nothing that was said was answered.")
    # Of a single answer there are no quantiles.
    late = quantiles([*delays, *delays], n=20, method="inclusive")[-1]
    name = f"{when}: end of whole sentence to answer"
    return [
        Figure(f"{name}, median", round(median(delays), 3), "s", 0.3),
        Figure(f"{name}, 95 %", round(late, 3), "s", 0.5),
    ]


def _is_whole(text: str, hearing: Hearing) -> bool:
    places = hearing.places.values()
    return any(p.progress(text.split()) is Progress.WHOLE for p in places)


async def _greetings(calls: Sequence[Told], bench: _Bench, when: str) -> list[Figure]:
    delays = [
        delay
        for call in calls
        if call.prompts
        and (delay := greeting_delay(call.placed, await _said(call, bench)))
    ]
    if not delays:
        raise LineBenchError(f"{when}: no call was greeted.")
    name = f"{when}: INVITE to the first word of the greeting, slowest"
    return [Figure(name, round(max(delays), 3), "s", 1.0)]


async def _said(call: Told, bench: _Bench) -> list[bytes]:
    return [await bench.mouth.say(text) for text in call.prompts]


async def _sound(calls: Sequence[Told], bench: _Bench, when: str) -> list[Figure]:
    """Set prompts as heard against what was said, but for those spoken over."""
    heard = [
        prompt
        for call in calls
        for prompt in prompts(call.placed, await _said(call, bench))
        if prompt is None or not is_spoken_over(call.placed, prompt)
    ]
    gaps = sum(prompt.gaps for prompt in heard if prompt)
    marred = sum(prompt is None or prompt.wrong > 0 for prompt in heard)
    return [
        Figure(f"{when}: gaps within {len(heard)} prompts", gaps, "frames", 0),
        Figure(f"{when}: prompts that did not come whole", marred, "", 0),
    ]


async def _memory(trial: Trial, bench: _Bench, in_a_row: int) -> list[Figure]:
    """Measure what short calls in a row leave behind in memory."""
    notes.print(f"[dim]{in_a_row} calls in a row.[/dim]")
    first = min(_FIRST_CALLS, in_a_row // 2)
    sizes: list[float] = []
    for several in (first, in_a_row - first):
        callers = [_in_short(nth, bench) for nth in range(several)]
        await _all_answered(trial, callers, bench)
        await trial.rest()
        sizes.append(trial.memory)
    percent = round(100 * (sizes[1] / sizes[0] - 1), 2)
    name = f"growth of {sizes[0]:.0f} MB from call {first} to call {in_a_row}"
    return [Figure(name, percent, "%", _GROWTH_PERCENT)]


def _in_short(nth: int, bench: _Bench) -> Caller:
    """Let one speak or key over the greeting, and hang up while they are answered."""
    spoken = (step for play in bench.plays for step in steps(play))
    said = next(step for step in spoken if isinstance(step, Plays))
    doing = replace(said, over=True) if nth % 2 else Presses("4")
    people = extensions(len(bench.plays))
    doings = (Begins(), doing, Waits(1.0), HangsUp(once=True))
    return Caller(people[nth % len(people)], doings)


async def _freed(trial: Trial, bench: _Bench) -> list[Figure]:
    """Measure how soon the only line is free for the next call."""
    notes.print("[dim]A line that is freed.[/dim]")
    callers = [Caller(extensions(1)[0], _AT_ONCE)] * (_FREED_TIMES + 1)
    calls = await _all_answered(trial, callers, bench)
    waits = [
        after.answered - before.hung_up
        for before, after in zip(calls, calls[1:], strict=False)
        if after.answered and before.hung_up
    ]
    name = "the only line: BYE to the next call answered, slowest"
    return [Figure(name, round(max(waits), 3), "s", 0.5)]


async def _all_answered(
    trial: Trial, callers: Sequence[Caller], bench: _Bench
) -> list[Placed]:
    calls = await place(trial, callers, bench.core, in_a_row=True)
    lost = sum(call.answered is None for call in calls)
    if lost:
        raise LineBenchError(
            f"{lost} of {len(calls)} calls in a row were not answered."
        )
    return calls
