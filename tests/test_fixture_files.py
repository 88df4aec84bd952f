"""The audio fixtures are what their manifest says, and no more than they may be."""

import hashlib
import tomllib
import wave
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent / "audio-fixtures"
MANIFEST = tomllib.loads((ROOT / "manifest.toml").read_text(encoding="utf-8"))
SCRIPT = tomllib.loads((ROOT / "lines.toml").read_text(encoding="utf-8"))
SOUNDS: list[dict[str, Any]] = MANIFEST["sound"]
FILES = {sound["file"]: ROOT / sound["file"] for sound in SOUNDS}
PLACES = {"start", "divert", "reason", "confirm"}
LARGEST = 13_000_000


def in_folder(name: str) -> list[dict[str, Any]]:
    return [sound for sound in SOUNDS if sound["file"].startswith(f"{name}/")]


def shape(path: Path) -> tuple[int, int, int]:
    with wave.open(str(path)) as file:
        return file.getframerate(), file.getnchannels(), file.getsampwidth()


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def test_the_manifest_and_the_folders_hold_the_same_files():
    there = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.wav")]
    assert [sound["file"] for sound in SOUNDS] == sorted(there)


def test_every_sound_is_the_one_that_was_described():
    sums = {
        f: hashlib.sha256(path.read_bytes()).hexdigest() for f, path in FILES.items()
    }
    assert sums == {sound["file"]: sound["sha256"] for sound in SOUNDS}


def test_every_sound_is_as_long_as_it_says():
    wrong = [
        sound["file"]
        for sound in SOUNDS
        if abs(seconds(FILES[sound["file"]]) - sound["seconds"]) > 0.006
    ]
    assert wrong == []


def test_what_a_line_gives_is_8_khz_mono_16_bit():
    from_a_line = [f for f in FILES if not f.startswith("calls/")]
    wrong = [f for f in from_a_line if shape(FILES[f]) != (8000, 1, 2)]
    assert wrong == []


def test_a_whole_call_is_there_in_mono_and_in_stereo_at_other_rates():
    shapes = {shape(FILES[sound["file"]]) for sound in in_folder("calls")}
    assert {channels for _, channels, _ in shapes} == {1, 2}
    assert {rate for rate, _, _ in shapes} == {16000, 48000}


def test_every_sound_says_whose_voice_it_is_and_under_what_licence():
    for sound in SOUNDS:
        assert sound["kind"] in {"person", "synthetic"}, sound["file"]
        assert sound["speaker"], sound["file"]
        kokoro = "Kokoro-82M" in sound["voice"]
        licence = "Apache-2.0" if kokoro else "MIT"
        assert sound["kind"] == "person" or sound["licence"] == licence, sound["file"]


def test_file_names_are_plain_ascii_without_spaces_or_capitals():
    plain = "abcdefghijklmnopqrstuvwxyz0123456789-/."
    assert [file for file in FILES if set(file) - set(plain)] == []


def test_all_files_together_are_small():
    assert sum(path.stat().st_size for path in FILES.values()) < LARGEST


def test_every_place_of_the_dialogue_is_spoken_at():
    assert {sound["place"] for sound in in_folder("said")} == PLACES
    assert {sound["place"] for sound in in_folder("other")} <= PLACES


def test_what_must_give_nothing_says_why():
    silent = in_folder("other") + in_folder("noise")
    assert [sound["file"] for sound in silent if not sound["why"]] == []


def test_every_line_of_the_script_was_spoken():
    for folder in ("said", "other"):
        wanted = sum(len(line["takes"]) for line in SCRIPT[folder])
        synthetic = [s for s in in_folder(folder) if s["kind"] == "synthetic"]
        assert len(synthetic) == wanted


def test_the_voices_are_many():
    assert len({sound["speaker"] for sound in in_folder("said")}) >= 6
