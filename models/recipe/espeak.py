"""The variants of espeak-ng's Swedish: far from people, but many and quick."""

import random
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from recipe.accent import said
from recipe.phrases import Phones, Phrase
from voice.errors import VoiceError

NOT_LIKE_PEOPLE = ("whisper", "robo", "demonic", "croak", "tweaky")
PITCH, SPEED = (15, 96), (90, 261)  # espeak-ng's scale of pitch; words a minute
LONGEST = 30  # seconds that one phrase may take
# Our phones as espeak-ng's Swedish writes them; those not named are written alike.
MNEMONICS: Mapping[str, tuple[str, ...]] = {
    **{vowel + "ː": (vowel + ":",) for vowel in "eiouy"},
    "øː": ("Y:",),
    "œː": ("W:",),
    "ɑː": ("A:",),
    "ɛː": ("E:",),
    "æː": ("&:",),
    "ʉː": ("u-",),
    **{"œ": ("W",), "ɔ": ("O",), "ɛ": ("E",), "ɪ": ("I",), "ɵ": ("8",), "ʊ": ("U",)},
    "ʏ": ("y",),
    **{"ŋ": ("N",), "ɡ": ("g",), "ɕ": ("S;",)},
    **{"ʈ": ("t.",), "ɖ": ("d.",), "ɳ": ("n.",), "ʂ": ("s.",)},
    "ɧ": ("sx", "sx", "x", "S", "s."),  # Swedes, too, say it in several ways
    "r": ("R",),
}

Sound = NDArray[np.float32]


class EspeakError(VoiceError):
    """espeak-ng is missing, or did not speak."""


class Espeak:
    """A new speaker of espeak-ng each time, who is told phones and not letters."""

    def __init__(self, folder: Path, without: set[str]) -> None:
        """Find the variants in espeak-ng's folder of them."""
        names = sorted(path.name for path in folder.iterdir())
        strange = [n for n in names if any(s in n.lower() for s in NOT_LIKE_PEOPLE)]
        self._variants = [n for n in names if n not in {*strange, *without}]

    def say(self, phrase: Phrase, rng: np.random.Generator) -> tuple[Sound, float]:
        """Speak in any variant, pitch and speed."""
        told = f"[[{mnemonics(phrase, random.Random(int(rng.integers(2**31))))}]]"
        variant = self._variants[int(rng.integers(len(self._variants)))]
        pitch, speed = str(rng.integers(*PITCH)), str(rng.integers(*SPEED))
        return spoken(told, ("-v", f"sv+{variant}", "-p", pitch, "-s", speed))


def mnemonics(phrase: Phrase, chance: random.Random) -> str:
    """Spell a phrase in espeak-ng's phones, as one speaker would say all of it."""
    habit = {phone: chance.choice(ways) for phone, ways in MNEMONICS.items()}
    words = (_word(phones, at, habit) for phones, at in said(phrase, chance))
    return " ".join(words)


def _word(phones: Phones, stressed: int, habit: Mapping[str, str]) -> str:
    """Mark the stress, and a lesser one on long vowels after it, as in compounds."""
    made = []
    for at, phone in enumerate(phones):
        lesser = "," if 0 <= stressed < at and phone.endswith("ː") else ""
        made.append(("'" if at == stressed else lesser) + habit.get(phone, phone))
    return "".join(made)


def spoken(text: str, options: tuple[str, ...]) -> tuple[Sound, float]:
    """Run espeak-ng once; return what it says and the sample rate in Hz."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise EspeakError("espeak-ng is missing: `apt-get install espeak-ng`.")
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/said.wav"
        command = [program, *options, "-w", path, text]
        run = subprocess.run(command, capture_output=True, timeout=LONGEST)
        if run.returncode or not Path(path).is_file():
            raise EspeakError(
                f"espeak-ng ended with {run.returncode}: try `espeak-ng -v sv ja`, "
                "and install it anew if that is silent."
            )
        sound, rate = sf.read(path, dtype="float32")
    return sound, rate
