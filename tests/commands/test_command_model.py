"""`model`: each step of the recipe under the program's name, with its own words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Telefonist

ROOT = Path(__file__).parents[2]


def model(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run it as a person does: the step is a process of its own."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("TELEFONIST_")}
    return subprocess.run(
        [sys.executable, "-m", "voice", "model", *arguments],
        env=ours | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_without_a_step_all_are_listed(tmp_path: Path):
    told = model(tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    for step in (
        *("all", "speak", "people", "train", "blend", "export", "sounds"),
        *("calibrate", "manifest", "report", "peers"),
    ):
        assert f"\n  {step} " in told.stdout


def test_a_step_tells_what_it_takes(tmp_path: Path):
    told = model(tmp_path, "report", "--help")
    assert (told.returncode, told.stderr) == (0, "")
    assert "usage: recipe report" in told.stdout
    assert "--recordings" in told.stdout


def test_a_step_that_is_not_there_is_told(tmp_path: Path):
    told = model(tmp_path, "sing")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("recipe: There is no step sing: use all, speak")


def test_what_is_wrong_with_recordings_is_one_sentence(tmp_path: Path):
    told = model(tmp_path, "report", "--recordings", "none.tsv")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        "recipe report: none.tsv cannot be read (No such file or directory): look at "
        "the name, or make it again.\n"
    )


def test_peers_want_something_to_hear(tmp_path: Path):
    told = model(tmp_path, "peers")
    assert told.returncode == 1
    assert "give --recordings TABLE" in told.stderr


def test_a_missing_extra_is_named(tmp_path: Path):
    """Run with no libraries but a step's own: what it lacks first is told."""
    program = (
        "import sys; sys.modules['matplotlib'] = sys.modules['torch'] = None; "
        "from recipe.__main__ import main; main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, "train", "--help"],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'models'}{os.pathsep}{ROOT}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 1
    assert told.stderr == (
        "recipe: The step train needs torch: install it by "
        "pip install 'telefonist[train]'.\n"
    )


def test_an_installed_program_has_no_recipe(
    telefonist: Telefonist, site: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TELEFONIST_MODELS", str(site))
    told = telefonist("model", "report")
    assert (told.code, told.out) == (1, "")
    assert "There is no recipe in" in told.err
    assert "fetch the source" in told.err
