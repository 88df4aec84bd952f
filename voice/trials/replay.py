"""Replays calls, recorded or written, through the whole road: the same each time."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from voice.calls.answering import Begun, begin
from voice.calls.attendant import Attendant, Caller
from voice.calls.caller import LineCaller
from voice.calls.errands import NOBODY, Desk
from voice.dialogue.people import Person
from voice.divert.model import Divert, DivertSet, Event, Extension, Standing
from voice.divert.routing import standing
from voice.divert.walltime import local
from voice.errors import VoiceError
from voice.house import House
from voice.language.catalog import Catalog
from voice.language.names import with_people
from voice.language.spelling import Speller
from voice.phone.memory import MemoryLine
from voice.phone.port import Offer, Refusal
from voice.pins import Pins
from voice.sound.wave import WaveError, read_wave
from voice.store.port import Call, CallId, CallTakenError, Listing, Store, Turn, Who
from voice.trials.booked import put_calendars
from voice.trials.lines import Line
from voice.trials.screenplay import Screenplay, moved, read, written
from voice.trials.scripted import (
    Keys,
    Leaves,
    Outstays,
    Part,
    Says,
    ScriptedCaller,
    Silence,
)
from voice.trials.steps import steps

# In a recording of a caller's side, the caller does not wait for the attendant.
_AFTER_A_RECORDING = 12.0
# Who sets what stands before a call.
_REPLAY = "replay"


class ReplayError(VoiceError):
    """A call cannot be replayed."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a call ended, what stands after it, and which demands were not met."""

    outcome: str
    stands: tuple[str, ...]
    failures: tuple[str, ...]


def open_play(path: Path, now: datetime | None, caller: str | None) -> Screenplay:
    """Read a `.call` screenplay, or make one of the sound of a caller's side."""
    if path.suffix == ".call":
        play = _screenplay(path)
    else:
        read_wave(path)
        lines = (Line(1, "over", path.name), Line(2, "waits", f"{_AFTER_A_RECORDING}"))
        play = replace(read("", path.name, path.parent), lines=lines)
    return moved(play, now or play.now, Extension(caller or play.caller))


def _screenplay(path: Path) -> Screenplay:
    """Read a screenplay and see that its sounds can be played, before it begins."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fault = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise ReplayError(
            f"{path} cannot be read ({fault}): give a screenplay, or a WAV file."
        ) from error
    play = read(text, path.name, path.parent)
    for line in play.doings:
        if line.word in ("plays", "over"):
            try:
                read_wave(play.folder / line.rest)
            except WaveError as error:
                raise ReplayError(f"{path}:{line.number}: {error}") from error
    return play


def check_reasons(play: Screenplay, catalog: Catalog) -> None:
    """Refuse a screenplay in which something stands that the grammar does not know."""
    for divert in play.standing:
        if divert.reason not in catalog.reasons:
            known = ", ".join(catalog.reasons)
            raise ReplayError(
                f"{play.name}: '{divert.reason}' is no reason: use {known}."
            )


async def admit(play: Screenplay, store: Store, clock: datetime) -> None:
    """Refuse a call that would do harm in a store that is kept; `clock` is real time.

    UnknownExtensionError when the caller is not listed.
    """
    await store.directory.find(play.caller)
    if play.standing or play.others or play.pin or play.calendars:
        raise ReplayError(
            f"{play.name} says what stands or who there is ('has', 'lists', 'pin', "
            "'calendar'), and a store knows that itself: "
            "take those lines away, or replay it without --store."
        )
    then = play.calls[-1].now
    there = (await store.diverts.standing(play.caller)).diverts
    # A change lets go of all that has ended by its own clock. What was set after the
    # real one was set by a replay, which may go on from there.
    real = [d for d in there if d.set_at <= clock and not d.ended(clock)]
    if any(divert.ended(then) for divert in real):
        raise ReplayError(
            f"{play.name} takes place at {local(then):%Y-%m-%d %H:%M}, when diverts "
            f"that stand on {play.caller} today have ended and would be lost: give an "
            "earlier --now, or another --store."
        )


async def prepare(play: Screenplay, store: Store, known: bool) -> None:
    """Give the caller what the screenplay says stands; `known` when already listed.

    UnknownExtensionError when the caller should be listed and is not.
    """
    if known:
        await store.directory.find(play.caller)
    else:
        await store.directory.add(Listing(play.caller, "Anna"), play.now, _REPLAY)
    others = [Listing(*other) for other in play.others]
    await store.directory.put(others, play.now, _REPLAY)
    if play.pin is not None:
        await Pins(store).set(play.caller, play.pin, play.now, _REPLAY)
    for divert in play.standing:
        stands = partial(_already, divert)
        await store.diverts.apply(play.caller, stands, play.now, _REPLAY)


def _already(divert: Divert, _: Standing) -> Event:
    return DivertSet(divert)


async def replay(
    play: Screenplay,
    desk: Desk,
    house: House | None,
    tell: Callable[[Turn], Awaitable[None]],
) -> Replayed:
    """Run its calls from answer to end; `house` is needed where there is sound."""
    if play.calendars is not None:
        await put_calendars(play.calendars, play.now, desk.door)
    calls = [await _call(each, desk, house, tell) for each in play.calls]
    failures = tuple(failure for call in calls for failure in call.failures)
    return replace(calls[-1], failures=failures)


async def _call(
    play: Screenplay,
    desk: Desk,
    house: House | None,
    tell: Callable[[Turn], Awaitable[None]],
) -> Replayed:
    store = desk.door.store
    begun = await _begin(play, desk)
    call = await _opened(play, begun, store)
    turns: list[Turn] = []

    async def overhear(turn: Turn) -> None:
        turns.append(turn)
        await tell(turn)

    record = partial(store.transcripts.add, call.id)
    attendant = Attendant(desk, begun.caller, play.now, record, overhear)
    outcome = await attendant.attend(_caller(play, desk, house), begun.turn)
    ended = play.now + timedelta(seconds=turns[-1].t if turns else 0.0)
    await store.transcripts.end(call.id, outcome, ended)
    there = await store.diverts.standing(play.caller)
    stands = tuple(written(divert, ended) for divert in standing(there.diverts, ended))
    failures = _failures(play, turns, outcome, stands, desk.catalog.speller)
    for wanted in play.demanded("through"):
        if wanted != attendant.through:
            failures += (f"put through to {attendant.through or 'nobody'}",)
    return Replayed(outcome, stands, failures + await _unrecorded(play, store))


async def _unrecorded(play: Screenplay, store: Store) -> tuple[str, ...]:
    """Compare the changes on record since a call began with those that must be."""
    entries = await store.audit.entries(play.caller)
    made = [e for e in entries if e.at >= play.now and e.by != _REPLAY]
    trail = [f"{entry.event} by {entry.by}" for entry in reversed(made)]
    wanted = play.demanded("audit")
    if not wanted or [w for w in wanted if w != "nothing"] == trail:
        return ()
    return (f"audit {', '.join(trail) or 'nothing'}",)


async def _begin(play: Screenplay, desk: Desk) -> Begun:
    caller = play.caller if play.is_known else None
    offer = Offer(play.name, play.dialled, caller)
    begun = await begin(offer, desk.service, desk.plan, desk.door.store)
    if isinstance(begun, Refusal):
        raise ReplayError(f"{play.name}: nobody answers {play.dialled} here.")
    return begun


async def _opened(play: Screenplay, begun: Begun, store: Store) -> Call:
    """Begin the transcript; a call that was replayed before gets the next number."""
    name = f"{play.name}-{play.now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{play.caller}"
    for again in count(1):
        number = CallId(name if again == 1 else f"{name}-{again}")
        caller = None if begun.caller == NOBODY else begun.caller
        call = Call(number, begun.place, caller, play.now)
        with suppress(CallTakenError):
            await store.transcripts.begin(call)
            break
    return call


def _caller(play: Screenplay, desk: Desk, house: House | None) -> Caller:
    # Keys and silence alone can be played on a line, and without one.
    if not play.has_sound or (house is None and play.is_soundless):
        parts = [_part(line) for line in play.doings]
        named = with_people(desk.catalog, [Person(*other) for other in play.others])
        return ScriptedCaller(parts, named, desk.door.site)
    if house is None:
        raise ReplayError(f"{play.name} has sound, and there are no ears for it.")
    return LineCaller(line_of(play), house.understanding)


def line_of(play: Screenplay) -> MemoryLine:
    """Return the line on which the caller does what the screenplay says."""
    return MemoryLine(steps(play))


def _part(line: Line) -> Part:
    match line.word:
        case "says":
            return Says(line.rest)
        case "mumbles":
            return Says(line.rest, sure=False)
        case "keys":
            return Keys(line.rest)
        case "silence":
            return Silence()
        case "hangs":
            return Leaves()
        case "outstays":
            return Outstays()
        case _:
            raise AssertionError(f"{line.word} was refused when the call was read")


def _failures(
    play: Screenplay,
    turns: list[Turn],
    outcome: str,
    stands: tuple[str, ...],
    speller: Speller,
) -> tuple[str, ...]:
    """Compare what came of a call with what must, in the screenplay's own words."""
    failures: list[str] = []
    spoken = iter([turn.text for turn in turns if turn.who is Who.ATTENDANT])
    for wanted in play.demanded("hears"):
        heard = next((text for text in spoken if _alike(text, wanted, speller)), None)
        if heard is None:
            failures.append(f"never heard: {wanted}")
    for wanted in play.demanded("ends"):
        if wanted != outcome:
            failures.append(f"ended {outcome}, not {wanted}")
    wanted_standing = [w for w in play.demanded("stands") if w != "nothing"]
    if play.demanded("stands") and sorted(wanted_standing) != sorted(stands):
        failures.append(f"stands {', '.join(stands) or 'nothing'}")
    return tuple(failures)


def _alike(text: str, wanted: str, speller: Speller) -> bool:
    return speller.words(text) == speller.words(wanted)
