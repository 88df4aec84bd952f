"""The attendant's own voice coming back: nobody speaking, and somebody over it."""

from pathlib import Path

import numpy as np
import pytest

from voice.sound.echo import Echo
from voice.sound.endpoint import Endpoint, Loudness, Patience, level_db
from voice.sound.level import Samples, as_bytes, as_samples
from voice.sound.wave import RATE, read_wave

ROOT = Path(__file__).parent.parent.parent / "audio-fixtures"
SAID = sorted((ROOT / "said").glob("*-kokoro-*.wav"))
# What is spoken here in the place of prompts: whole sentences of other voices.
PROMPTS = [
    "semester-till-den-femte-augusti-kokoro-bf-emma.wav",
    "hanvisning-sammantrade-till-kvart-i-fem-kokoro-ff-siwis.wav",
    "varfor-ar-min-telefon-stangd-kokoro-bf-emma.wav",
]
OVER = SAID[:: len(SAID) // 12]
LINE_NOISE = 0.0003
BEFORE = 0.5


def sound(name: str) -> Samples:
    return as_samples(read_wave(ROOT / "said" / name))


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def frames(samples: Samples) -> list[bytes]:
    pcm = as_bytes(samples)
    return [pcm[at : at + 320] for at in range(0, len(pcm) - 319, 320)]


def begun(sent: Samples, came: Samples) -> float | None:
    """Return when speech is noticed to begin, in seconds."""
    loudness, echo, endpoint = Loudness(), Echo(), Endpoint(Patience())
    noise = np.random.default_rng(1).normal(0, LINE_NOISE, len(came))
    pairs = zip(frames(sent), frames(came + noise.astype(np.float32)), strict=True)
    for count, (ours, theirs) in enumerate(pairs):
        loud = loudness.loud(theirs)
        own = echo.is_own(level_db(ours), level_db(theirs))
        endpoint.hear(loud and not own)
        if endpoint.begun:
            return count * 0.02
    return None


def returned(sent: Samples, late: float, loss: float) -> Samples:
    """Return the echo of what was sent, so much later and so many dB weaker."""
    moved = np.concatenate([quiet(late), sent])[: len(sent)]
    return moved * np.float32(10 ** (-loss / 20))


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("loss", [8, 14, 25])
@pytest.mark.parametrize("late", [0.0, 0.07, 0.3, 0.5])
def test_our_own_echo_is_nobody_speaking(prompt, loss, late):
    sent = np.concatenate([quiet(BEFORE), sound(prompt), quiet(1.0)])
    assert begun(sent, returned(sent, late, loss)) is None


@pytest.mark.parametrize("over", OVER, ids=lambda path: path.stem)
@pytest.mark.parametrize("loss", [14, 25, 200])
def test_somebody_who_speaks_over_it_is_heard_at_once(over, loss):
    sent = np.concatenate([quiet(BEFORE), *map(sound, PROMPTS), quiet(1.0)])
    came = returned(sent, 0.12, loss)
    speech = as_samples(read_wave(over))
    begins = round(RATE * (BEFORE + 1.2))
    came[begins : begins + len(speech)] += speech[: len(came) - begins]
    # From where it is as loud as speech is.
    loud = begins + int(np.flatnonzero(np.abs(speech) > 0.03)[0])
    noticed = begun(sent, came)
    assert noticed is not None
    assert noticed - loud / RATE < 0.35


def test_without_anything_sent_all_that_comes_is_somebody():
    speech = np.concatenate([quiet(1.0), sound(PROMPTS[0])])
    assert begun(np.zeros_like(speech), speech) is not None
