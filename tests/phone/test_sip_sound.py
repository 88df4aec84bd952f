"""Frames in and out of one SIP call, at the line's own pace."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from voice.phone.port import FRAME_BYTES
from voice.phone.sip_sound import CallSound, Depths

WORD = b"\x11\x22" * (FRAME_BYTES // 2)
QUIET = bytes(FRAME_BYTES)


class Tape:
    """The sound of a call as the stack would have it."""

    def __init__(self, rate: int = 8000) -> None:
        self.rate = rate
        self.came = b""
        self.given = b""
        self.sent = 0

    def depths(self) -> Depths | None:
        return Depths(self.rate, self.rate, len(self.given) - self.sent)

    def take(self, most: int) -> bytes:
        taken, self.came = self.came[:most], self.came[most:]
        return taken

    def give(self, pcm: bytes) -> None:
        self.given += pcm

    def passes(self, frames: int) -> None:
        """Let the stack send some frames."""
        self.sent = min(len(self.given), self.sent + frames * FRAME_BYTES)


class Held(Tape):
    """A call on hold."""

    def depths(self) -> None:
        return None


def heard(sound: CallSound, tape: Tape, coming: Sequence[int]) -> list[list[bytes]]:
    """Return what each tick gives when so many frames come before it."""
    came = []
    for frames in coming:
        tape.came += WORD * frames
        came.append(list(sound.tick()))
    return came


def test_a_silent_caller_gives_one_frame_of_silence_each_tick():
    tape = Tape()
    came = heard(CallSound(tape), tape, [0] * 50)
    assert came == [[]] * 3 + [[QUIET]] * 47


@given(st.lists(st.integers(0, 4), min_size=1))
def test_all_that_comes_is_passed_on_at_once(coming):
    tape = Tape()
    for frames, came in zip(coming, heard(CallSound(tape), tape, coming), strict=True):
        assert came.count(WORD) == frames
        assert came.count(QUIET) <= 1


def test_what_comes_unevenly_has_no_holes():
    tape = Tape()
    came = heard(CallSound(tape), tape, [1, 1, 0, 0, 0, 4, 1, 0, 2, 0, 0, 3, 1])
    assert sum(came, []) == [WORD] * 13


def test_what_comes_unevenly_after_silence_has_no_holes_either():
    tape = Tape()
    came = heard(CallSound(tape), tape, [0] * 20 + [1, 0, 0, 0, 4, 0, 2, 0, 0, 3])
    assert sum(came[20:], []) == [WORD] * 10


def test_where_sound_is_late_for_long_silence_stands_in_and_nothing_is_dropped():
    tape = Tape()
    came = heard(CallSound(tape), tape, [1, 0, 0, 0, 0, 0, 5, 1])
    assert sum(came, []) == [WORD] + [QUIET] * 2 + [WORD] * 6


def test_half_a_frame_waits_for_the_other_half():
    tape = Tape()
    sound = CallSound(tape)
    tape.came = WORD * 2 + WORD[:100]
    assert list(sound.tick()) == [WORD] * 2
    tape.came = WORD[100:] + WORD
    assert list(sound.tick()) == [WORD] * 2


def test_speech_is_sent_as_it_comes():
    tape = Tape()
    sound = CallSound(tape)
    for several in (4, 1, 0, 2, 1):
        assert all([sound.say(WORD) for _ in range(several)])
        tape.passes(1)
    assert tape.given == WORD * 8


def test_no_more_is_held_than_an_interruption_can_bear():
    tape = Tape()
    sound = CallSound(tape)
    assert sum(sound.say(WORD) for _ in range(50)) == 8
    assert len(tape.given) == 8 * FRAME_BYTES


def test_a_wide_call_is_heard_and_said_at_its_own_rate():
    tape = Tape(16000)
    sound = CallSound(tape)
    tape.came = bytes(4 * FRAME_BYTES)
    assert [len(frame) for frame in sound.tick()] == [FRAME_BYTES] * 2
    sound.say(QUIET)
    assert len(tape.given) == 2 * FRAME_BYTES


def test_a_call_on_hold_is_silent_and_takes_nothing():
    sound = CallSound(Held())
    assert [list(sound.tick()) for _ in range(5)][3:] == [[QUIET]] * 2
    assert not sound.say(WORD)
