"""`hear`: what the ear hears in sound files."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from voice.commands.options import (
    SOUNDS,
    Files,
    From,
    Json,
    Now,
    console,
    expanded,
    extension,
    instant,
    tell,
)
from voice.commands.words import known_place
from voice.config import Settings, settings
from voice.errors import VoiceError
from voice.hearing import open_hearing, phrase_ears
from voice.house import read_catalog, site
from voice.language.catalog import Catalog
from voice.language.meaning import Meaning, meaning
from voice.language.times import Moment
from voice.language.understand import Here, understand
from voice.sound.ears import FRAME_BYTES, Ears, Utterance
from voice.sound.models import Model, open_model
from voice.sound.wave import read_wave


def hear(
    files: Files,
    place: Annotated[
        str | None, typer.Option("--place", help="start, divert, reason or confirm.")
    ] = None,
    phrases: Annotated[
        Path | None, typer.Option("--phrases", help="Any phrases, one a line.")
    ] = None,
    caller: From = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Say what the ear hears in sound files, at a place or among given phrases."""
    if place and phrases:
        raise typer.BadParameter("use --place or --phrases, not both")
    chosen = settings()
    catalog = read_catalog(chosen.grammar)
    at = "start" if place is None and phrases is None else place
    if at:
        known_place(at, catalog)
    model = open_model(chosen.models)
    ears = _ears(at, phrases, catalog, model, chosen)
    moment = Moment(instant(now), site(catalog, instant(now)).red_days, catalog.parts)
    here = Here(at, extension(caller), moment) if at else None
    wrong = False
    for file in expanded(files, SOUNDS):
        try:
            told = _heard(file, ears, model, here, catalog)
        except VoiceError as error:
            told, wrong = {"file": str(file), "error": str(error)}, True
        _show(told, as_json)
    if wrong:
        raise typer.Exit(1)


def _ears(
    place: str | None,
    phrases: Path | None,
    catalog: Catalog,
    model: Model,
    chosen: Settings,
) -> Ears:
    if phrases is not None:
        try:
            lines = phrases.read_text("utf-8-sig").lower().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise typer.BadParameter(f"{phrases} cannot be read: {error}") from error
        return phrase_ears(
            (line for line in lines if line.strip()), model, chosen.cache
        )
    catalog = replace(
        catalog, places={n: p for n, p in catalog.places.items() if n == place}
    )
    hearing = open_hearing(catalog, model, chosen.cache, chosen.waiting)
    return hearing.places[place or ""].ears


def _heard(
    file: Path, ears: Ears, model: Model, here: Here | None, catalog: Catalog
) -> Meaning:
    pcm = read_wave(file)
    began = time.process_time()
    utterance = whole(pcm, ears)
    spent = time.process_time() - began
    score, thresholds = round(utterance.score, 3), model.thresholds
    told: Meaning = {
        "file": str(file),
        "text": utterance.text,
        "accepted": bool(utterance.words) and score >= thresholds.ask,
        "sure": bool(utterance.words) and score >= thresholds.do,
        "score": score,
        "seconds": round(len(pcm) / 16000, 2),
        "cpu_seconds": round(spent, 4),
    }
    if here is not None and told["accepted"]:
        heard = understand(utterance.text, here, catalog, bool(told["sure"]))
        told = meaning(heard) | told
    return told


def whole(pcm: bytes, ears: Ears) -> Utterance:
    """Hear a whole sound as one utterance, in frames of 20 ms."""
    ear = ears.listen()
    pcm += bytes(-len(pcm) % FRAME_BYTES)
    for at in range(0, len(pcm), FRAME_BYTES):
        ear.feed(pcm[at : at + FRAME_BYTES])
    return ear.finish()


def _show(told: Meaning, as_json: bool) -> None:
    if as_json:
        tell(told)
    elif "error" in told:
        console.print(f"{told['file']}: {told['error']}", style="red", markup=False)
    else:
        word = "sure" if told["sure"] else "ask" if told["accepted"] else "refused"
        command = f"  -> {told['command']}" if told.get("command") else ""
        console.print(
            f"{told['file']}  [bold]{told['text'] or '-'}[/bold]  {word} "
            f"{told['score']}{command}"
        )
