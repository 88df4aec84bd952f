"""What was heard, set against what was said: when it began, and what is not right."""

import numpy as np
import pytest

from voice.phone.port import FRAME_BYTES
from voice.phone.telephones import Placed, Spoken
from voice.trials.overheard import (
    Prompt,
    answer_delay,
    greeting_delay,
    is_spoken_over,
    prompts,
)

QUIET = bytes(FRAME_BYTES)
DIALLED = 100.0


def speech(frames: int, seed: int) -> bytes:
    """Make sound that is like no other."""
    rng = np.random.default_rng(seed)
    sound = rng.integers(-9000, 9000, frames * FRAME_BYTES // 2)
    return sound.astype("<i2").tobytes()


GREETING, ANSWER = speech(30, seed=1), speech(20, seed=2)


def placed(*heard: bytes, spoken: tuple[Spoken, ...] = ()) -> Placed:
    """Return a call in which this was heard, from the moment it was dialled."""
    sound = b"".join(heard)
    times = tuple(DIALLED + 0.02 * at for at in range(len(sound) // FRAME_BYTES))
    return Placed("2000", DIALLED, DIALLED, None, sound, times, spoken)


def without(sound: bytes, at: int) -> bytes:
    return sound[: at * FRAME_BYTES] + sound[(at + 1) * FRAME_BYTES :]


def test_prompts_are_found_where_they_began():
    call = placed(QUIET * 10, GREETING, QUIET * 5, ANSWER, QUIET)
    assert prompts(call, [GREETING, ANSWER]) == [
        Prompt(first=10, after=40, gaps=0, wrong=0),
        Prompt(first=45, after=65, gaps=0, wrong=0),
    ]


def test_a_line_that_codes_sound_changes_nothing():
    coded = np.frombuffer(GREETING, "<i2").astype(float)
    coded += np.sign(coded) * np.maximum(8, np.abs(coded) / 40)
    heard = coded.clip(-32768, 32767).astype("<i2").tobytes()
    (prompt,) = prompts(placed(QUIET, heard), [GREETING])
    assert prompt == Prompt(first=1, after=31, gaps=0, wrong=0)


@pytest.mark.parametrize("at", [4, 15, 29])
def test_silence_within_a_prompt_is_counted(at):
    cut = at * FRAME_BYTES
    call = placed(GREETING[:cut], QUIET * 3, GREETING[cut:])
    (prompt,) = prompts(call, [GREETING])
    assert prompt == Prompt(first=0, after=33, gaps=3, wrong=0)


def test_a_pause_of_its_own_is_no_gap():
    said = GREETING + QUIET * 8 + ANSWER
    (prompt,) = prompts(placed(QUIET * 2, said), [said])
    assert prompt == Prompt(first=2, after=60, gaps=0, wrong=0)


def test_what_was_lost_of_a_prompt_is_wrong():
    (prompt,) = prompts(placed(without(GREETING, 10), QUIET), [GREETING])
    assert prompt == Prompt(first=0, after=29, gaps=0, wrong=1)


def test_what_is_not_its_own_is_wrong():
    cut = 12 * FRAME_BYTES
    heard = GREETING[:cut] + speech(1, seed=5) + GREETING[cut + FRAME_BYTES :]
    (prompt,) = prompts(placed(heard), [GREETING])
    assert prompt == Prompt(first=0, after=30, gaps=0, wrong=1)


def test_a_prompt_that_is_broken_off_is_wrong_from_there():
    call = placed(GREETING[: 20 * FRAME_BYTES], QUIET * 60, ANSWER)
    assert prompts(call, [GREETING, ANSWER]) == [
        Prompt(first=0, after=20, gaps=0, wrong=10),
        Prompt(first=80, after=100, gaps=0, wrong=0),
    ]


def test_a_prompt_that_was_never_heard_is_not_found():
    assert prompts(placed(QUIET * 3, GREETING), [ANSWER, GREETING])[0] is None
    assert prompts(placed(QUIET * 3), [GREETING]) == [None]


def test_a_greeting_is_timed_from_when_it_was_dialled():
    tone = speech(5, seed=3)
    call = placed(QUIET * 10, tone, QUIET * 5, GREETING)
    assert greeting_delay(call, [GREETING, ANSWER]) == pytest.approx(0.4)
    assert greeting_delay(call, [ANSWER]) is None
    assert greeting_delay(call, []) is None


def test_an_answer_is_timed_from_the_last_loud_sound():
    words = speech(10, seed=4) + QUIET * 10
    gone = tuple((DIALLED + 1 + 0.02 * at, at * FRAME_BYTES) for at in range(1, 21))
    spoken = Spoken(words, gone)
    # The last of the words has gone after 1.2 s, and the answer comes 0.3 s later.
    call = placed(GREETING, QUIET * 45, ANSWER, spoken=(spoken,))
    assert answer_delay(call, spoken) == pytest.approx(0.3)
    assert answer_delay(placed(GREETING, QUIET * 45), spoken) is None


@pytest.mark.parametrize(("began", "over"), [(0.0, True), (0.5, True), (0.7, False)])
def test_a_prompt_is_spoken_over_while_the_caller_is_loud(began: float, over: bool):
    words = speech(10, seed=6) + QUIET * 50
    at = DIALLED + began
    spoken = Spoken(
        words, ((at, 0), (at + 0.2, 10 * FRAME_BYTES), (at + 1, len(words)))
    )
    call = placed(QUIET, GREETING, QUIET, spoken=(spoken,))
    (prompt,) = prompts(call, [GREETING])
    assert prompt is not None
    assert is_spoken_over(call, prompt) is over
