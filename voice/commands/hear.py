"""`hear`: what the ear hears in sound files."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.markup import escape

from voice.commands.options import (
    SOUNDS,
    Files,
    From,
    Json,
    Now,
    complain,
    console,
    expanded,
    extension,
    instant,
    notes,
    settings,
    tell,
    watched,
)
from voice.commands.words import known_place
from voice.config import Settings
from voice.dialogue.heard import Unclear
from voice.errors import VoiceError
from voice.hearing import open_hearing, phrase_ears, words_by_rule
from voice.house import read_catalog, site
from voice.language.catalog import Catalog
from voice.language.meaning import Meaning, meaning
from voice.language.times import Moment
from voice.language.understand import Here, understand
from voice.sound.acceptor import of_phrases
from voice.sound.ears import FRAME_BYTES, Ears, Utterance
from voice.sound.endpoint import Loudness, Patience
from voice.sound.listening import Listening, Measure
from voice.sound.models import Model, Thresholds, open_model
from voice.sound.wave import read_wave

_BYTES_A_SECOND = 16000
_NOTHING = Utterance((), 0.0, 0.0)
# What a file that was cut at its words lacks, and every call has: a little hiss around.
_HISS = np.random.default_rng(0).integers(-3, 4, _BYTES_A_SECOND // 10)
_QUIET = _HISS.astype("<i2").tobytes()  # 0.2 s


class PhrasesError(VoiceError):
    """A file of phrases cannot be listened for."""


@dataclass(frozen=True, slots=True)
class Listener:
    """The ears of one place or list of phrases, and how what they hear is read."""

    ears: Ears
    measure: Measure
    patience: Patience
    thresholds: Thresholds
    catalog: Catalog
    here: Here | None
    written: Mapping[str, str]
    """The phrases as they were written, by the words that are heard."""
    by_rule: Sequence[str]
    """The words of the phrases that no lexicon pronounces."""


def hear(
    files: Files,
    place: Annotated[
        str | None,
        typer.Option(
            "--place",
            metavar="NAME",
            help="start, divert, reason or confirm.",
            show_default="start",
        ),
    ] = None,
    phrases: Annotated[
        Path | None,
        typer.Option("--phrases", metavar="FILE", help="Any phrases, one a line."),
    ] = None,
    caller: From = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Say what the ear hears in sound files, at a place or among given phrases.

    Phrases may be written with capitals, punctuation, and numbers and times up to 59
    in digits: they are heard as words. A word that no lexicon has is pronounced by
    rule, and named.
    """
    if place and phrases:
        raise typer.BadParameter("use --place or --phrases, not both")
    chosen, at = settings(), instant(now)
    catalog = read_catalog(chosen.grammar)
    model = open_model(chosen.models)
    sounds = expanded(files, SOUNDS)
    if phrases is not None:
        listener = _for_phrases(phrases, catalog, model, chosen)
        if listener.by_rule and not as_json:
            _note(listener.by_rule)
    else:
        known_place(place or "start", catalog)
        moment = Moment(at, site(catalog, at).red_days, catalog.parts)
        here = Here(place or "start", extension(caller), moment)
        listener = _for_place(here, catalog, model, chosen)
    if not all([_hear(file, listener, as_json) for file in sounds]):
        raise typer.Exit(1)


def _for_phrases(
    file: Path, catalog: Catalog, model: Model, chosen: Settings
) -> Listener:
    try:
        lines = [line.strip() for line in file.read_text("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        fault = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise PhrasesError(
            f"{file} cannot be read ({fault}): write phrases in it, one a line."
        ) from error
    spoken = {
        " ".join(catalog.speller.plain_words(line)): line for line in reversed(lines)
    }
    spoken.pop("", None)
    if not spoken:
        raise PhrasesError(f"{file} holds no phrase: write phrases in it, one a line.")
    ears = phrase_ears(reversed(spoken), catalog, model, chosen.cache)
    return Listener(
        *(ears, of_phrases(spoken).progress, Patience(), model.thresholds),
        *(catalog, None, spoken, words_by_rule(spoken, catalog, model)),
    )


def _for_place(
    here: Here, catalog: Catalog, model: Model, chosen: Settings
) -> Listener:
    hearing = open_hearing(catalog, model, chosen.cache, chosen.waiting)
    there = hearing.places[here.place]
    return Listener(
        *(there.ears, there.progress, hearing.patience, hearing.thresholds),
        *(catalog, here, {}, ()),
    )


def _hear(file: Path, listener: Listener, as_json: bool) -> bool:
    """Show what is heard in one file; False when the file cannot be used."""
    try:
        told = _heard(file, listener)
    except VoiceError as error:
        if as_json:
            tell({"file": str(file), "error": str(error)})
        else:
            complain(f"telefonist: {error}")
        return False
    if not as_json:
        _show(told)
    elif listener.here is None:
        tell(told | {"pronounced_by_rule": list(listener.by_rule)})
    else:
        tell(told)
    return True


def _heard(file: Path, listener: Listener) -> Meaning:
    pcm = read_wave(file)
    began = time.process_time()
    utterance = _surest(pcm, listener)
    spent = time.process_time() - began
    score, thresholds = round(utterance.score, 3), listener.thresholds
    accepted = bool(utterance.words) and score >= thresholds.ask
    sure = accepted and score >= thresholds.do
    told: Meaning = {
        "file": str(file),
        "text": listener.written.get(utterance.text, utterance.text),
        "accepted": accepted,
        "sure": sure,
        "score": score,
        "seconds": round(len(pcm) / _BYTES_A_SECOND, 2),
        "cpu_seconds": round(spent, 4),
    }
    if listener.here is None:
        return told
    meant = understand(utterance.text, listener.here, listener.catalog, sure)
    return told | meaning(meant if accepted else Unclear()) | {"sure": sure}


def _surest(pcm: bytes, listener: Listener) -> Utterance:
    """Hear a sound as one utterance; one longer than any as a call, the surest of it.

    To hear minutes as one utterance would take longer than they last.
    """
    pcm = _QUIET + pcm + bytes(-len(pcm) % FRAME_BYTES) + _QUIET
    frames = range(0, len(pcm), FRAME_BYTES)
    if len(pcm) <= listener.patience.longest * _BYTES_A_SECOND:
        ear = listener.ears.listen()
        for at in frames:
            ear.feed(pcm[at : at + FRAME_BYTES])
        return ear.finish()
    listening = Listening(
        listener.ears, listener.measure, listener.patience, Loudness()
    )
    found = [
        utterance
        for at in watched(frames, "Hearing")
        if (utterance := listening.feed(pcm[at : at + FRAME_BYTES])) is not None
    ]
    last = listening.finish()
    if last is not None:
        found.append(last)
    return max(found, key=lambda utterance: utterance.score, default=_NOTHING)


def _note(words: Sequence[str]) -> None:
    notes.print(
        f"Pronounced by espeak-ng's rules, for no lexicon has them: {', '.join(words)}."
        " Where they are said otherwise, write them in the grammar's lexicon.toml.",
        markup=False,
        soft_wrap=True,
    )


def _show(told: Meaning) -> None:
    word = "sure" if told["sure"] else "ask" if told["accepted"] else "refused"
    command = f"  -> {told['command']}" if told.get("command") else ""
    console.print(
        f"{escape(str(told['file']))}  [bold]{escape(str(told['text'] or '-'))}[/bold]"
        f"  {word} {told['score']:.3f}{command}",
        soft_wrap=True,
    )
