"""A person's recordings come first, where they say the same and can be used."""

import numpy as np
import pytest
import soundfile

from voice.sound.level import LEVEL, as_samples, speech_level
from voice.sound.recorded import Finding, Kind, Recorded, check, file_name, index
from voice.sound.synthesis import MouthError

LINES = {
    "greeting": "Telefonisten. Jag är en dator. Vad gäller det?",
    "done": "Klart.",
    "cleared": "Hänvisningen {reason} är borttagen.",
}


def speech(seconds=0.5, rate=8000, amplitude=0.1):
    at = np.arange(round(seconds * rate)) / rate
    return amplitude * np.sin(2 * np.pi * 500 * at)


def record(folder, name, sound=None, rate=8000, **how):
    take = speech(rate=rate) if sound is None else sound
    soundfile.write(folder / name, take, rate, **how)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("greeting", "greeting.wav"),
        ("say_again", "say_again.wav"),
        ("diverts_cleared.many", "diverts_cleared-many.wav"),
        ("Säg åter, Önskas?", "sag-ater-onskas.wav"),
        ("é/../x", "e-x.wav"),
    ],
)
def test_a_file_is_named_in_plain_ascii(key, name):
    assert file_name(key) == name


def test_the_list_to_record_has_every_line_that_can_be_recorded_whole():
    assert index(LINES) == {
        "greeting.wav": LINES["greeting"],
        "done.wav": LINES["done"],
    }


def test_a_recording_is_spoken_at_the_level_of_the_line(tmp_path):
    record(tmp_path, "done.wav", speech(rate=48000, amplitude=0.6), 48000)
    sound = Recorded(tmp_path, LINES).sound("done", "Klart.")
    assert speech_level(as_samples(sound)) == pytest.approx(LEVEL, abs=0.3)
    assert len(sound) % 320 == 0


def test_stereo_24_bit_and_capital_letters_are_read_too(tmp_path):
    both = np.stack([speech(rate=44100)] * 2, axis=1)
    record(tmp_path, "DONE.WAV", both, 44100, subtype="PCM_24")
    assert Recorded(tmp_path, LINES).sound("done", "Klart.")
    assert Kind.EXTRA not in {finding.kind for finding in check(tmp_path, LINES)}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("done", "Klart då."),
        ("greeting", LINES["greeting"]),
        ("cleared", "Hänvisningen lunch är borttagen."),
        ("cleared", LINES["cleared"]),
        ("unknown", "Klart."),
    ],
)
def test_what_the_recording_does_not_say_is_not_there(tmp_path, key, text):
    record(tmp_path, "done.wav")
    record(tmp_path, "cleared.wav")
    assert Recorded(tmp_path, LINES).sound(key, text) is None


def test_a_recording_that_cannot_be_read_or_is_silent_is_left_out(tmp_path, caplog):
    (tmp_path / "done.wav").write_bytes(b"RIFF but no more")
    record(tmp_path, "greeting.wav", np.zeros(8000))
    recorded = Recorded(tmp_path, LINES)
    assert recorded.sound("done", "Klart.") is None
    assert recorded.sound("greeting", LINES["greeting"]) is None
    assert "done.wav" in caplog.text


def test_a_folder_that_is_not_there_is_said_at_once(tmp_path):
    with pytest.raises(MouthError, match="create it"):
        Recorded(tmp_path / "none", LINES)
    with pytest.raises(MouthError, match="create it"):
        check(tmp_path / "none", LINES)


def kinds(folder, lines=LINES):
    """Return what is found, but for the lines with slots."""
    found = [finding for finding in check(folder, lines) if finding.is_fault]
    return {(finding.kind, finding.file) for finding in found}


def test_an_empty_folder_misses_every_line(tmp_path):
    assert kinds(tmp_path) == {
        (Kind.MISSING, "greeting.wav"),
        (Kind.MISSING, "done.wav"),
    }


def test_a_line_with_slots_is_said_to_be_spoken_by_synthesis(tmp_path):
    told = Finding(Kind.SYNTHESIS, "cleared.wav", LINES["cleared"])
    assert told in check(tmp_path, LINES)
    assert not told.is_fault


@pytest.mark.parametrize(
    ("sound", "rate", "kind"),
    [
        (speech(rate=6000), 6000, Kind.WRONG_RATE),
        (np.clip(speech(amplitude=3), -1, 1), 8000, Kind.CLIPPED),
        (speech(amplitude=0.005), 8000, Kind.TOO_QUIET),
        (np.zeros(4000), 8000, Kind.TOO_QUIET),
    ],
)
def test_each_fault_of_a_recording_is_named(tmp_path, sound, rate, kind):
    record(tmp_path, "greeting.wav")
    record(tmp_path, "done.wav", sound, rate)
    assert kinds(tmp_path) == {(kind, "done.wav")}


@pytest.mark.parametrize("content", [b"", b"no sound", b"RIFF\xff\xff\xff\xffWAVE"])
def test_a_file_that_is_no_recording_is_named(tmp_path, content):
    record(tmp_path, "greeting.wav")
    (tmp_path / "done.wav").write_bytes(content)
    assert kinds(tmp_path) == {(Kind.UNREADABLE, "done.wav")}


def test_files_that_no_line_wants_are_named(tmp_path):
    for name in ("greeting.wav", "done.wav", "cleared.wav", "old.wav"):
        record(tmp_path, name)
    (tmp_path / "notes.txt").write_text("not a recording at all")
    assert kinds(tmp_path) == {(Kind.EXTRA, "cleared.wav"), (Kind.EXTRA, "old.wav")}


def test_two_lines_that_would_share_a_file_are_named(tmp_path):
    record(tmp_path, "ater.wav")
    assert kinds(tmp_path, {"åter": "Åter.", "ater": "Igen."}) == {
        (Kind.SAME_NAME, "ater.wav")
    }


def test_a_full_and_faultless_folder_has_no_faults(tmp_path):
    for name in index(LINES):
        record(tmp_path, name, rate=48000)
    assert kinds(tmp_path) == set()
