"""A misheard turn as a sound: the caller's side of it, cut out of the call's."""

import hashlib
import io
import json
import logging
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voice.language.catalog import Catalog
from voice.sound.wave import RATE
from voice.trials.misheard_play import Heard, plain

log = logging.getLogger(__name__)

# A turn is written down when its silence has come; little before it is part of it.
_LONGEST_SECONDS = 12.0
_AFTER_SECONDS = 0.3
_SAID, _OTHER = "said", "other"
_PLACE = "start"
_HEAD = """\
# Turns that were misheard in calls. said/ is what was said in truth, other/ what was
# not said to the attendant and must give nothing.
"""


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound, what is said in it, and where in the dialogue."""

    file: str
    text: str
    place: str
    heard: str
    sound: bytes = field(repr=False)
    seconds: float


def clip_of(tape: Path, heard: Heard, name: str, catalog: Catalog) -> Clip | None:
    """Cut the marked turn out of a call; None where its sound cannot be read."""
    turn, said = heard.marked.turn, heard.marked.mark.said
    earliest = max(0.0, turn.t - _LONGEST_SECONDS)
    begin = max(earliest, heard.before.t if heard.before else 0.0)
    try:
        pcm = _caller(tape, begin, turn.t + _AFTER_SECONDS)
    except (OSError, EOFError, wave.Error) as error:
        log.warning("the sound of a call cannot be read: %s", type(error).__name__)
        return None
    if not pcm:
        return None
    place = turn.place if turn.place in catalog.places else _PLACE
    return Clip(
        file=f"{_SAID if said else _OTHER}/{name}.wav",
        text=plain(said),
        place=place or _PLACE,
        heard=plain(turn.text),
        sound=_wave(pcm),
        seconds=round(len(pcm) / RATE, 2),
    )


def manifest(clips: Sequence[Clip]) -> str:
    """Return the manifest of some sounds."""
    entries = "".join(map(_entry, clips)) if clips else "sound = []\n"
    return f"{_HEAD}\n{entries}"


def _entry(clip: Clip) -> str:
    values = {
        "file": clip.file,
        "text": clip.text,
        "place": clip.place,
        "speaker": "caller",
        "kind": "person",
        "why": f"heard as: {clip.heard}",
        "seconds": clip.seconds,
        "sha256": hashlib.sha256(clip.sound).hexdigest(),
    }
    # What is visible, and on one line, is written in TOML as it is in JSON.
    lines = (f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in values.items())
    return "[[sound]]\n" + "".join(lines) + "\n"


def _caller(tape: Path, begin: float, end: float) -> "array[int]":
    """Return the caller's side of some seconds of a call."""
    with wave.open(str(tape), "rb") as sound:
        rate, first = sound.getframerate(), round(begin * sound.getframerate())
        if first >= sound.getnframes():
            return array("h")
        sound.setpos(first)
        frames = sound.readframes(round((end - begin) * rate))
        return array("h", frames)[:: sound.getnchannels()]


def _wave(pcm: "array[int]") -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", "NONE"))
        sound.writeframes(pcm.tobytes())
    return whole.getvalue()
