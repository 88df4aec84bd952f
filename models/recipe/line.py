"""Make clean speech sound like a telephone call, by chance, for training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recipe import noises, packets
from recipe.codec import alaw
from recipe.speaker import formants_shifted, stretched, whispered
from recipe.spectrum import RATE as RATE
from recipe.spectrum import Sound as Sound
from recipe.spectrum import echoed, filtered, loudest, resampled


@dataclass(frozen=True, slots=True)
class By:
    """How often something is done, and between which bounds."""

    chance: float
    low: float = 0.0
    high: float = 1.0

    def drawn(self, rng: np.random.Generator) -> float | None:
        """Return how much, all within the bounds being as likely; None for not."""
        much = float(rng.uniform(self.low, self.high))
        return much if rng.random() < self.chance else None


# The speaker. People pitch their voices up more than down, to children above all.
SMALLER, LARGER = By(0.5, 1, 1.25), By(0.5, 0.8, 1)  # pitch and formants together
FORMANTS = By(0.4, 0.85, 1.2)  # apart from pitch
THROAT = (0.8, 1.28)  # what formants may have moved by in all
TEMPO = By(0.6, 0.7, 1.4)
WHISPER = By(0.03)
# The room and the set.
ROOM = By(0.35, 400, 2400)  # samples that its echo lasts
BAND = By(0.8)
CLIPPED = By(0.12, 0.3, 2.3)  # nepers above full level
NOISY_BEFORE_BAND = By(0.5)
OTHER_VOICE = By(0.1, -40, -20)  # dB: side tone, or another call shining through
HUM = By(0.12, -50, -25)  # dB
# Beside the speaker: how often of the rest, and dB that speech is above it.
NOISES = {
    "hiss": By(0.42, 4, 35),
    "car": By(0.22, 2, 30),
    "babble": By(0.24, 5, 35),
    "music": By(0.06, 6, 35),
    "knocks": By(0.06, 0, 25),
}
# The line.
LEVEL = By(1, -1.5, 0)  # powers of ten: up to a shout
FAINT = By(0.12, -2, -1.5)  # and down to a whisper far away
FLOOR = By(1, -5, -3.2)  # powers of ten of the hiss that every line has
DIRECT = By(0.06, -0.04, 0.04)  # direct current, of full level
ALAW = By(0.8)
LOSS = By(0.1, 0.01, 0.1)  # share of packets
BURST, CONCEALED = By(1, 1, 4), By(0.7)


def telephone(
    speech: Sound, rng: np.random.Generator, others: Sequence[Sound] = ()
) -> Sound:
    """Return another speaker, room, line, noise and level; `others` make babble."""
    sound = loudest(another_speaker(speech, rng))
    if (length := ROOM.drawn(rng)) is not None:
        sound = loudest(in_room(sound, int(length), rng))
    sound = np.pad(sound, tuple(rng.integers(600, 4500, 2)))
    beside = noise_beside(sound, rng, others)
    before = NOISY_BEFORE_BAND.drawn(rng) is not None
    sound = sound + beside if before else sound
    if BAND.drawn(rng) is not None:
        sound = on_line(sound, rng)
    sound = loudest(sound if before else loudest(sound) + beside)
    return sent(from_set(sound, rng, others), rng)


def another_speaker(sound: Sound, rng: np.random.Generator) -> Sound:
    """Return the words of one speaker as another might say them."""
    size = (SMALLER if rng.random() < 0.55 else LARGER).drawn(rng)
    if size is not None:
        sound = resampled(sound, size)
    if (ratio := FORMANTS.drawn(rng)) is not None:
        low, high = (bound / (size or 1) for bound in THROAT)
        sound = formants_shifted(sound, float(np.clip(ratio, low, high)))
    if (tempo := TEMPO.drawn(rng)) is not None:
        # A voice made smaller by resampling is faster already.
        sound = stretched(sound, tempo / (size or 1) ** 0.5)
    return whispered(sound, rng) if WHISPER.drawn(rng) is not None else sound


def in_room(sound: Sound, length: int, rng: np.random.Generator) -> Sound:
    """Add the echo of a room, which lasts as many samples."""
    fall = np.exp(-np.arange(length) / (length / rng.uniform(3, 7)))
    echo = rng.standard_normal(length) * fall
    echo[0] = rng.uniform(2, 8)
    return echoed(sound, echo)[: len(sound) + 800]


def on_line(sound: Sound, rng: np.random.Generator) -> Sound:
    """Keep a telephone's band, and tilt it as a microphone does."""
    low, high = rng.uniform(80, 450), rng.uniform(2500, 3800)
    steep = rng.choice([2, 4, 8, 16], 2)
    return band(sound, (low, high), (steep[0], steep[1]), rng.uniform(-0.4, 0.6))


def band(
    sound: Sound, between: tuple[float, float], steep: tuple[int, int], tilt: float
) -> Sound:
    """Keep what is between two pitches in Hz; tilt: nepers by each neper of pitch."""

    def gain(pitch: Sound) -> Sound:
        pitch = np.maximum(pitch, 1)
        below = (between[0] / pitch) ** steep[0]
        above = (pitch / between[1]) ** steep[1]
        return np.asarray((pitch / 1000) ** tilt / np.sqrt((1 + below) * (1 + above)))

    return filtered(sound, gain)


def noise_beside(
    sound: Sound, rng: np.random.Generator, others: Sequence[Sound] = ()
) -> Sound:
    """Return a noise as long as the sound, and as far below it as is likely."""
    shares = np.array([by.chance for by in NOISES.values()])
    kind = str(rng.choice(list(NOISES), p=shares / shares.sum()))
    if kind == "babble" and not others:
        kind = "hiss"
    made = beside(kind, len(sound), rng, others)
    return below(made, sound, rng.uniform(NOISES[kind].low, NOISES[kind].high))


def beside(
    kind: str, length: int, rng: np.random.Generator, others: Sequence[Sound] = ()
) -> Sound:
    """Return one of NOISES."""
    match kind:
        case "car":
            return noises.car(length, rng)
        case "babble":
            return noises.babble(length, rng, others)
        case "music":
            return noises.music(length, rng)
        case "knocks":
            return noises.knocks(length, rng)
        case _:
            return noises.hiss(length, rng)


def below(quiet: Sound, loud: Sound, decibels: float) -> Sound:
    """Return the quiet sound with its power as many dB below the loud one's."""
    power = np.sqrt(np.mean(loud**2) / (np.mean(quiet**2) + 1e-12))
    return np.asarray(quiet * power * 10 ** (-decibels / 20))


def from_set(sound: Sound, rng: np.random.Generator, others: Sequence[Sound]) -> Sound:
    """Return what a telephone set adds: another voice, hum, and clipping."""
    if (decibels := OTHER_VOICE.drawn(rng)) is not None:
        voice = others[0] if others and rng.random() < 0.5 else sound
        late = np.pad(voice, (int(rng.integers(80, 3200)), len(sound)))[: len(sound)]
        sound = sound + below(late, sound, -decibels)
    if (decibels := HUM.drawn(rng)) is not None:
        sound = sound + below(noises.mains(len(sound), rng), sound, -decibels)
    if (over := CLIPPED.drawn(rng)) is not None:
        sound = clipped(sound, np.exp(over), hard=rng.random() < 0.6)
    return loudest(sound)


def clipped(sound: Sound, gain: float, hard: bool) -> Sound:
    """Turn up past full level: cut off, or bent as an overdriven microphone does."""
    return np.clip(sound * gain, -1, 1) if hard else np.tanh(sound * gain)


def sent(sound: Sound, rng: np.random.Generator) -> Sound:
    """Return a sound at full level as the line gives it: level, hiss, A-law, loss."""
    level = 10 ** (FAINT.drawn(rng) or rng.uniform(LEVEL.low, LEVEL.high))
    # Even a whisper is heard above a line that works.
    floor = min(10 ** rng.uniform(FLOOR.low, FLOOR.high), level / 50)
    hiss = noises.white(len(sound), rng)
    sound = sound * level + floor * hiss
    if (current := DIRECT.drawn(rng)) is not None:
        sound = sound + current * level
    if ALAW.drawn(rng) is not None:
        sound = alaw(sound)
    if (share := LOSS.drawn(rng)) is None:
        return sound
    count = -(-len(sound) // packets.PACKET)
    gone = packets.lost(count, share, rng.uniform(BURST.low, BURST.high), rng)
    return packets.without(sound, gone, CONCEALED.drawn(rng) is not None)


def nothing_said(rng: np.random.Generator) -> Sound:
    """Return a line that nobody speaks on: noise, tones, music or knocks."""
    length = int(RATE * rng.uniform(0.5, 3))
    made: Sound
    match int(rng.integers(8)):
        case 0 | 1:
            made = noises.tones(length, rng)
        case 2 | 3:
            made = noises.knocks(length, rng)
        case 4:
            made = noises.music(length, rng)
        case 5:
            made = noises.car(length, rng)
        case 6:
            made = noises.mains(length, rng)
        case _:
            made = noises.hiss(length, rng)
    made = on_line(loudest(made), rng)
    quiet = 1e-4 * rng.standard_normal(length)
    return alaw(loudest(made) * 10 ** rng.uniform(-3, -0.3) + quiet)
