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


def test_a_little_is_gathered_first_so_that_an_uneven_stream_has_no_holes():
    tape = Tape()
    sound, came = CallSound(tape), []
    for frames in (1, 1, 1, 0, 2, 0, 2, 1):
        tape.came += WORD * frames
        came += sound.tick()
    assert came == [QUIET] + [WORD] * 7


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


def test_speech_begins_after_a_lead_and_goes_on_without_one():
    tape = Tape()
    sound = CallSound(tape)
    for _ in range(5):
        assert sound.say(WORD)
        tape.passes(1)
    assert tape.given == QUIET * 2 + WORD * 5


def test_the_house_may_be_late_by_the_lead():
    tape = Tape()
    sound = CallSound(tape)
    sound.say(WORD)
    tape.passes(2)
    sound.say(WORD)
    sound.say(WORD)
    assert tape.given == QUIET * 2 + WORD * 3


def test_no_more_is_held_than_an_interruption_can_bear():
    tape = Tape()
    sound = CallSound(tape)
    assert sum(sound.say(WORD) for _ in range(50)) == 4
    assert len(tape.given) == 6 * FRAME_BYTES


def test_a_wide_call_is_heard_and_said_at_its_own_rate():
    tape = Tape(16000)
    sound = CallSound(tape)
    tape.came = bytes(4 * FRAME_BYTES)
    assert [len(frame) for frame in sound.tick()] == [FRAME_BYTES]
    sound.say(QUIET)
    assert len(tape.given) == 3 * 2 * FRAME_BYTES


def test_a_call_on_hold_is_silent_and_takes_nothing():
    sound = CallSound(Held())
    assert list(sound.tick()) == [QUIET]
    assert not sound.say(WORD)
