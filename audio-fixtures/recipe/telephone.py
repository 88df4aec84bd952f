"""Clean speech -> the sound that a telephone line gives: 8 kHz, through A-law."""

from dataclasses import dataclass

import numpy as np
import soxr  # type: ignore[import-untyped]  # it ships no types
from noises import brown, crowd, hum
from numpy.typing import NDArray
from script import ScriptError
from speech import Sound

RATE = 8000
FLOOR = -66.0  # dBFS of a quiet line
QUIET = (0.27, 0.35)  # seconds before and after the words


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of line: its band in Hz, level in dBFS, echo in s, noise and its SNR."""

    band: tuple[float, float] = (250, 3500)
    level: float = -20
    echo: float = 0
    noise: str = ""
    snr: float = 99


LINES = {
    "clean": Line(),
    "hiss": Line(noise="hiss", snr=22),
    "hum": Line(noise="hum", snr=18, band=(40, 3500)),
    "babble": Line(noise="babble", snr=16),
    "car": Line(noise="car", snr=14, band=(200, 3100), level=-17),
    "room": Line(echo=0.3, noise="hiss", snr=28, level=-24),
    "low": Line(level=-36),
    "narrow": Line(band=(450, 2600)),
}


def on_line(
    speech: Sound, kind: str, crowd_of: list[Sound], rng: np.random.Generator
) -> NDArray[np.int16]:
    """Put 8 kHz speech on a line, with about 300 ms of its quiet on either side."""
    if kind not in LINES:
        raise ScriptError(f"There is no line '{kind}': choose one of {list(LINES)}.")
    line = LINES[kind]
    if line.echo:
        speech = in_room(speech, line.echo, rng)
    speech = within(speech, line.band)
    level = line.level + rng.uniform(-3, 3)
    speech = speech / loudness(speech) * 10 ** (level / 20)
    before, after = (np.zeros(int(RATE * rng.uniform(*QUIET))) for _ in range(2))
    sound = np.concatenate([before, speech, after])
    sound += 10 ** (FLOOR / 20) * rng.standard_normal(len(sound))
    if line.noise:
        noise = within(_noise(line.noise, len(sound), crowd_of, rng), line.band)
        below = level - line.snr + rng.uniform(-2, 2)
        sound += noise / np.sqrt(np.mean(noise**2)) * 10 ** (below / 20)
    return through_alaw(sound)


def at_line_rate(sound: Sound, rate: int) -> Sound:
    """Return the sound at 8 kHz."""
    return np.asarray(soxr.resample(sound, rate, RATE), dtype=np.float64)


def within(sound: Sound, band: tuple[float, float]) -> Sound:
    """Keep a band of Hz; its edges fall as a line's do, 24 and 60 dB an octave."""
    low, high = band
    pitch = np.fft.rfftfreq(len(sound), 1 / RATE)
    pitch[0] = 1e-3
    gain = 1 / np.sqrt((1 + (low / pitch) ** 8) * (1 + (pitch / high) ** 20))
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


def in_room(sound: Sound, seconds: float, rng: np.random.Generator) -> Sound:
    """Add the echo of a room that dies 60 dB in `seconds`."""
    n = int(RATE * seconds)
    echo = rng.standard_normal(n) * 10 ** (-3 * np.arange(n) / n) * 0.12
    echo[0] = 1
    return np.convolve(sound, echo)


def loudness(sound: Sound) -> float:
    """Return the root mean square of the louder half of the sound: of the vowels."""
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    power = np.sort(np.mean(frames**2, axis=1))
    return float(np.sqrt(np.mean(power[len(power) // 2 :])))


def through_alaw(sound: Sound) -> NDArray[np.int16]:
    """Return what is left after ITU-T G.711 A-law: each sample, the nearest of 256."""
    levels = _alaw_levels()
    between = (levels[1:] + levels[:-1]) / 2
    nearest = np.searchsorted(between, sound * 32768)
    return levels[nearest].astype(np.int16)


def _alaw_levels() -> NDArray[np.int64]:
    step = np.arange(16) * 16 + 8
    # G.711 table 1a: the first two segments have one step, each later one doubles it.
    upper = [(step + 256) << segment for segment in range(7)]
    positive = np.concatenate([step, *upper])
    return np.concatenate([-positive[::-1], positive])


def _noise(
    kind: str, samples: int, crowd_of: list[Sound], rng: np.random.Generator
) -> Sound:
    match kind:
        case "hum":
            return hum(samples, rng)
        case "babble":
            return crowd(crowd_of, samples, rng)
        case "car":
            return brown(samples, rng)
        case _:
            return rng.standard_normal(samples)
