"""Frames in and out of one SIP call, at the line's own pace."""

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


def test_a_silent_caller_gives_one_frame_of_silence_each_tick():
    sound = CallSound(Tape())
    assert [list(sound.tick()) for _ in range(3)] == [[QUIET]] * 3


def test_where_sound_is_late_there_is_one_hole_and_then_no_more():
    tape = Tape()
    sound, came = CallSound(tape), []
    for frames in (1, 1, 0, 2, 1, 0, 2, 0, 2):
        tape.came += WORD * frames
        came += sound.tick()
    assert came == [WORD] * 2 + [QUIET] + [WORD] * 6


def test_what_was_late_is_heard_and_not_dropped():
    tape = Tape()
    sound, came = CallSound(tape), []
    for frames in (2, 1, 0, 0, 0, 4, 1, 1):
        tape.came += WORD * frames
        came += sound.tick()
    assert came == [WORD] * 3 + [QUIET] * 2 + [WORD] * 3
    assert [*sound.tick(), *sound.tick(), *sound.tick()] == [WORD] * 3


def test_too_much_is_passed_on_at_once_so_that_nothing_grows_old():
    tape = Tape()
    sound = CallSound(tape)
    tape.came = WORD * 10
    assert list(sound.tick()) == [WORD] * 4
    assert list(sound.tick()) == [WORD]


def test_half_a_frame_waits_for_the_other_half():
    tape = Tape()
    sound = CallSound(tape)
    tape.came = WORD * 2 + WORD[:100]
    assert [*sound.tick(), *sound.tick()] == [WORD] * 2
    tape.came = WORD[100:] + WORD
    assert [*sound.tick(), *sound.tick()] == [WORD] * 2


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
    assert [len(frame) for frame in sound.tick()] == [FRAME_BYTES]
    sound.say(QUIET)
    assert len(tape.given) == 2 * FRAME_BYTES


def test_a_call_on_hold_is_silent_and_takes_nothing():
    sound = CallSound(Held())
    assert list(sound.tick()) == [QUIET]
    assert not sound.say(WORD)
