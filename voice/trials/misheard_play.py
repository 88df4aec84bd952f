"""A misheard turn as a screenplay: the call up to it, as it was said in truth."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voice.divert.model import Divert
from voice.divert.walltime import local
from voice.language.catalog import Catalog
from voice.store.marks_port import Marked
from voice.store.port import Turn, Who
from voice.store.understanding import How, hearing
from voice.trials.screenplay import written

_KEYS = frozenset("0123456789*#")
_ANYBODY = "1234"
_NOT_YET = (
    "# This is not understood yet. Write what must come of it, as `stands` or `hears`."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A marked turn, those before it, and what was said in those that are marked."""

    marked: Marked
    turns: tuple[Turn, ...]
    """The last of them is the marked one."""
    said: Mapping[int, str]
    stood: tuple[Divert, ...]
    """What stood on the caller's phone when the call began."""

    @property
    def before(self) -> Turn | None:
        """The last thing that came from the caller before it."""
        earlier = reversed(self.turns[:-1])
        return next((each for each in earlier if each.who is not Who.ATTENDANT), None)


def play_of(heard: Heard, catalog: Catalog) -> str:
    """Return the screenplay, without what must come of it."""
    return "".join(f"{line}\n" for line in _lines(heard, catalog))


def with_demands(
    heard: Heard, turns: Sequence[Turn], stands: Sequence[str], outcome: str
) -> str:
    """Return what came of it when it was played, as what must come of it."""
    said = [n for n, turn in enumerate(turns) if turn.who is not Who.ATTENDANT]
    last = next((n for n in reversed(said) if turns[n].text), None)
    if last is None or not _is_understood(turns[last]):
        return f"{_NOT_YET}\n"
    answers = [turn.text for turn in turns[last:] if turn.who is Who.ATTENDANT]
    lines = [f"hears    {plain(answer)}" for answer in answers if answer.strip()]
    lines += [f"stands   {each}" for each in stands or ("nothing",)]
    return "".join(f"{line}\n" for line in (*lines, f"ends     {outcome}"))


def plain(text: str) -> str:
    """Return a text on one line, with nothing in it that cannot be seen."""
    seen = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(seen.split())


def _lines(heard: Heard, catalog: Catalog) -> Iterator[str]:
    call, mark = heard.marked.call, heard.marked.mark
    yield f"# Misheard as: {plain(heard.marked.turn.text)}"
    yield f"# Call {plain(call.id)}, turn {mark.turn + 1}."
    yield f"now      {local(call.began):%Y-%m-%d %H:%M}"
    if call.caller is None:
        yield "unknown"
    else:
        # Whoever it was: what is tried is how it was understood.
        yield f"from     {_ANYBODY}"
    yield f"dials    {call.place}"
    for divert in heard.stood:
        holds = divert.holds(call.began) and divert.reason in catalog.reasons
        if holds:
            by = f"{divert.reason} by {divert.source.value}"
            rest = written(divert, call.began).removeprefix(divert.reason)
            yield f"has      {by}{rest}"
    for number, turn in enumerate(heard.turns):
        yield from _line(turn, heard.said.get(number))


def _line(turn: Turn, said: str | None) -> Iterator[str]:
    if said is not None:
        # Where nothing was said, nothing is.
        if words := plain(said):
            yield f"says     {words}"
    elif turn.who is Who.KEYS and turn.text and _KEYS.issuperset(turn.text):
        yield f"keys     {turn.text}"
    elif turn.who is Who.CALLER and plain(turn.text):
        understood = hearing(turn)
        is_doubtful = understood is not None and understood.how is How.DOUBTFUL
        yield f"{'mumbles ' if is_doubtful else 'says    '} {plain(turn.text)}"


def _is_understood(turn: Turn) -> bool:
    meant = json.loads(turn.meaning) if turn.meaning else {}
    return meant.get("command") is not None
