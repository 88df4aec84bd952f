"""Replays calls, recorded or written, through the whole road: the same each time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from voice.attendant import Attendant, Caller, Desk
from voice.caller import LineCaller
from voice.divert.model import Divert, DivertSet, Event, Extension, Standing
from voice.errors import VoiceError
from voice.house import House
from voice.language.spelling import Speller
from voice.phone.memory import CallerStep, HangsUp, MemoryLine, Plays, Presses, Waits
from voice.screenplay import Line, Screenplay, read, written
from voice.scripted import (
    Keys,
    Leaves,
    Outstays,
    Part,
    Says,
    ScriptedCaller,
    Silence,
)
from voice.sound.wave import read_wave
from voice.store.port import Call, CallId, Listing, Store, Turn, Who

# In a recording of a caller's side, the caller does not wait for the attendant.
_AFTER_A_RECORDING = 12.0


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
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ReplayError(f"{path} cannot be read: {error}.") from error
        play = read(text, path.name, path.parent)
    else:
        lines = (Line(1, "over", path.name), Line(2, "waits", f"{_AFTER_A_RECORDING}"))
        play = replace(read("", path.name, path.parent), lines=lines)
    if now is not None:
        play = replace(play, now=now)
    return replace(play, caller=Extension(caller)) if caller else play


async def prepare(play: Screenplay, store: Store, known: bool) -> None:
    """Give the caller what the screenplay says stands; `known` when already listed.

    UnknownExtensionError when the caller should be listed and is not.
    """
    if known:
        await store.directory.find(play.caller)
    else:
        await store.directory.add(Listing(play.caller, "Anna"), play.now, "replay")
    for divert in play.standing:
        stands = partial(_already, divert)
        await store.diverts.apply(play.caller, stands, play.now, "replay")


def _already(divert: Divert, _: Standing) -> Event:
    return DivertSet(divert)


async def replay(
    play: Screenplay,
    desk: Desk,
    house: House | None,
    tell: Callable[[Turn], Awaitable[None]],
) -> Replayed:
    """Run one call from answer to end; `house` is needed where it has sound."""
    store = desk.door.store
    call = Call(CallId(_id(play)), "4949", play.caller, play.now)
    await store.transcripts.begin(call)
    turns: list[Turn] = []

    async def record(turn: Turn) -> None:
        turns.append(turn)
        await store.transcripts.add(call.id, turn)
        await tell(turn)

    attendant = Attendant(desk, play.caller, play.now, record)
    outcome = await attendant.attend(_caller(play, desk, house))
    ended = play.now + timedelta(seconds=turns[-1].t if turns else 0.0)
    await store.transcripts.end(call.id, outcome, ended)
    standing = await store.diverts.standing(play.caller)
    stands = _stands(standing.diverts, ended)
    failures = _failures(play, turns, outcome, stands, desk.catalog.speller)
    return Replayed(outcome, stands, failures)


def has_sound(play: Screenplay) -> bool:
    """Tell whether ears are needed to replay a call."""
    return not any(line.word in ("says", "mumbles") for line in play.doings)


def _id(play: Screenplay) -> str:
    return f"{play.name}-{play.now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{play.caller}"


def _stands(diverts: tuple[Divert, ...], now: datetime) -> tuple[str, ...]:
    holding = [d for d in diverts if not d.opened]
    return tuple(written(divert, now) for divert in holding)


def _caller(play: Screenplay, desk: Desk, house: House | None) -> Caller:
    if not has_sound(play):
        parts = [_part(line, play) for line in play.doings]
        return ScriptedCaller(parts, desk.catalog, desk.door.site)
    if house is None:
        raise ReplayError(f"{play.name} has sound, and there are no ears for it.")
    return LineCaller(line_of(play), house.understanding)


def line_of(play: Screenplay) -> MemoryLine:
    """Return the line on which the caller does what the screenplay says."""
    return MemoryLine([_step(line, play) for line in play.doings])


def _part(line: Line, play: Screenplay) -> Part:
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
            where = f"{play.name}:{line.number}"
            raise ReplayError(f"{where}: '{line.word}' needs sound, 'says' has none.")


def _step(line: Line, play: Screenplay) -> CallerStep:
    match line.word:
        case "plays" | "over":
            return Plays(read_wave(play.folder / line.rest), line.word == "over")
        case "keys":
            return Presses(line.rest)
        case "waits":
            return Waits(_seconds(line, play))
        case "silence":
            return Waits(6.0)
        case "hangs":
            return HangsUp(once=line.rest == "up at once")
        case _:
            where = f"{play.name}:{line.number}"
            raise ReplayError(f"{where}: '{line.word}' cannot be done on a line.")


def _seconds(line: Line, play: Screenplay) -> float:
    try:
        return float(line.rest)
    except ValueError:
        where = f"{play.name}:{line.number}"
        raise ReplayError(f"{where}: '{line.rest}' is no number of seconds.") from None


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
