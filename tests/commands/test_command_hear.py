"""`hear`: one line a file, at a place or among any phrases, and bad sound refused."""

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import soxr
from command_line import SAID, Telefonist

pytestmark = pytest.mark.model

DIVERT = SAID / "hanvisning-kokoro-am-adam.wav"
MEASURED = {"file", "text", "accepted", "sure", "score", "seconds", "cpu_seconds"}


def heard(telefonist: Telefonist, *arguments: str | Path) -> list[dict[str, object]]:
    told = telefonist("hear", *arguments, "--json")
    assert (told.code, told.err) == (0, "")
    return [json.loads(line) for line in told.out.splitlines()]


def test_every_file_has_a_line_with_what_was_heard_and_meant(telefonist: Telefonist):
    (line,) = heard(telefonist, DIVERT, "--place", "start")
    assert line.keys() == MEASURED | {"command"}
    assert (line["file"], line["text"]) == (str(DIVERT), "hänvisning")
    assert (line["accepted"], line["command"]) == (True, "ask_divert")
    assert line["seconds"] == round(sf.info(DIVERT).duration, 2)


def test_silence_is_nothing_and_means_nothing(telefonist: Telefonist, quiet: Path):
    (line,) = heard(telefonist, quiet)
    assert (line["text"], line["accepted"], line["sure"]) == ("", False, False)
    assert (line["command"], line["why"]) == (None, "unclear")


def test_phrases_are_heard_and_come_back_as_they_were_written(
    telefonist: Telefonist, tmp_path: Path
):
    phrases = "Öppna dörren!\n\nHänvisning\nKlockan 14:30\nStäng fönstret, tack.\n"
    (tmp_path / "phrases.txt").write_text(phrases, encoding="utf-8")
    (line,) = heard(telefonist, DIVERT, "--phrases", "phrases.txt")
    assert line.keys() == MEASURED | {"pronounced_by_rule"}
    assert (line["text"], line["accepted"]) == ("Hänvisning", True)
    assert line["pronounced_by_rule"] == []


def test_words_that_no_lexicon_has_are_pronounced_by_rule_and_named(
    telefonist: Telefonist, tmp_path: Path
):
    phrases = "Hänvisning\nKoppla Lundeqvist\nXyzzyx!\n"
    (tmp_path / "phrases.txt").write_text(phrases, encoding="utf-8")
    (line,) = heard(telefonist, DIVERT, "--phrases", "phrases.txt")
    assert (line["text"], line["accepted"]) == ("Hänvisning", True)
    assert line["pronounced_by_rule"] == ["lundeqvist", "xyzzyx"]
    told = telefonist("hear", DIVERT, "--phrases", "phrases.txt")
    assert (told.code, told.err.count("\n")) == (0, 1)
    assert "lundeqvist, xyzzyx" in told.err
    assert "Hänvisning" in told.out


def test_a_person_reads_a_line_for_each_file(telefonist: Telefonist, quiet: Path):
    told = telefonist("hear", DIVERT, quiet)
    first, second = told.out.splitlines()
    assert "hänvisning" in first
    assert "refused" in second


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
@pytest.mark.parametrize(("channels", "subtype"), [(1, "PCM_16"), (2, "PCM_24")])
def test_sound_of_any_rate_and_width_is_heard_the_same(
    telefonist: Telefonist, tmp_path: Path, rate: int, channels: int, subtype: str
):
    sound, at = sf.read(DIVERT, dtype="float32")
    other = soxr.resample(sound, at, rate)
    path = tmp_path / "other.wav"
    sf.write(path, np.repeat(other[:, None], channels, axis=1), rate, subtype=subtype)
    (line,) = heard(telefonist, path)
    assert (line["text"], line["accepted"]) == ("hänvisning", True)


def test_ten_minutes_of_silence_are_heard_as_nothing(
    telefonist: Telefonist, tmp_path: Path
):
    path = tmp_path / "long.wav"
    sf.write(path, np.zeros(600 * 8000, np.int16), 8000)
    (line,) = heard(telefonist, path)
    assert (line["text"], line["seconds"]) == ("", 600.0)


def test_folders_are_heard_file_by_file(telefonist: Telefonist, tmp_path: Path):
    folder = tmp_path / "sounds" / "deep"
    folder.mkdir(parents=True)
    for name in ("b.wav", "a.WAV", "c.txt"):
        shutil.copy(DIVERT, folder / name)
    files = [line["file"] for line in heard(telefonist, tmp_path / "sounds")]
    assert files == [str(folder / "a.WAV"), str(folder / "b.wav")]


def riff(size: int, content: bytes) -> bytes:
    shape = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    head = b"WAVEfmt " + shape + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", min(36 + size, 2**32 - 1)) + head + content


BAD = {
    "text": (b"hej\n", "give a whole WAV"),
    "empty": (b"", "is empty"),
    "truncated": (riff(4000, bytes(1000)), "promises 4044"),
    "4-gb": (riff(2**32 - 16, bytes(1000)), "promises 4294967324"),
    "no-sound": (riff(0, b""), "no sound"),
    "only-a-head": (riff(4000, b"")[:30], "give a whole WAV"),
}


@pytest.mark.parametrize("command", ["hear", "replay"])
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_sound_is_refused_in_a_sentence(
    telefonist: Telefonist, tmp_path: Path, command: str, kind: str
):
    content, says = BAD[kind]
    (tmp_path / f"{kind}.wav").write_bytes(content)
    told = telefonist(command, f"{kind}.wav")
    assert (told.code, told.out) == (1, "")
    assert f"{kind}.wav" in told.err
    assert says in told.err
    assert told.err.count("\n") == 1


def test_a_bad_sound_does_not_keep_others_from_being_heard(
    telefonist: Telefonist, tmp_path: Path
):
    (tmp_path / "bad.wav").write_bytes(b"")
    told = telefonist("hear", "bad.wav", DIVERT, "--json")
    bad, good = map(json.loads, told.out.splitlines())
    assert told.code == 1
    assert bad.keys() == {"file", "error"}
    assert good["text"] == "hänvisning"


@pytest.mark.parametrize("command", ["hear", "replay"])
def test_every_missing_file_is_named_before_anything_is_heard(
    telefonist: Telefonist, quiet: Path, command: str
):
    told = telefonist(command, quiet, "none.wav", "nobody.wav")
    assert (told.code, told.out) == (1, "")
    assert "There is no none.wav, no nobody.wav: look at the name" in told.err


@pytest.mark.parametrize("command", ["hear", "replay"])
def test_a_folder_without_sounds_is_refused(
    telefonist: Telefonist, tmp_path: Path, command: str
):
    (tmp_path / "empty").mkdir()
    told = telefonist(command, "empty")
    assert told.code == 1
    assert "empty holds no .wav, .flac" in told.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"\n \n!\n", "holds no phrase"),
        ("привет hej 漢字\n".encode(), "pronounce привет, 漢字: write"),
        (b"klockan 1234567\n", "1234567"),
        (None, "No such file"),
    ],
)
def test_phrases_that_cannot_be_listened_for_say_why(
    telefonist: Telefonist,
    tmp_path: Path,
    quiet: Path,
    content: bytes | None,
    says: str,
):
    if content is not None:
        (tmp_path / "phrases.txt").write_bytes(content)
    told = telefonist("hear", quiet, "--phrases", "phrases.txt")
    assert (told.code, told.out) == (1, "")
    assert says in told.err


def test_a_place_and_phrases_together_are_a_wrong_call(
    telefonist: Telefonist, quiet: Path
):
    told = telefonist("hear", quiet, "--place", "start", "--phrases", "x.txt")
    assert (told.code, "not both" in told.err) == (2, True)


def test_an_unknown_place_is_a_wrong_call(telefonist: Telefonist, quiet: Path):
    assert telefonist("hear", quiet, "--place", "nowhere").code == 2
