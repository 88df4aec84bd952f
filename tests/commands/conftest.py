"""The command line run as a person would, in this process, and small things to hear."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from command_line import Play, Telefonist, Told

from voice.__main__ import main
from voice.commands import options


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one folder of graphs and prompts for all tests, so each is made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path
) -> Iterator[Path]:
    """Set up a site of its own in a folder, which is where one stands."""
    for name in [name for name in os.environ if name.startswith("TELEFONIST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TELEFONIST_CACHE", str(cache))
    monkeypatch.setenv("TELEFONIST_STORE", f"sqlite:///{tmp_path / 'site.db'}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(options.console, "width", 1000)
    return tmp_path


@pytest.fixture
def telefonist(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Telefonist:
    """Run one command through the console entry."""

    def run(*arguments: str | Path) -> Told:
        monkeypatch.setattr(sys, "argv", ["telefonist", *map(str, arguments)])
        capsys.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        assert isinstance(code, int)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Told(code, out, err)

    return run


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    """Return a WAV of half a second of silence."""
    path = tmp_path / "quiet.wav"
    sf.write(path, np.zeros(4000, np.int16), 8000, subtype="PCM_16")
    return path


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Write a screenplay and return its path."""

    def write(*lines: str, name: str = "a.call") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
