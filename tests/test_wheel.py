"""The built wheel works outside the checkout: grammar, model and demo are in it."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what is installed here: no network is needed."""
    folder = tmp_path_factory.mktemp("dist")
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([sys.executable, *build, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel where no checkout is near, as an installer does."""
    folder = tmp_path_factory.mktemp("elsewhere") / "site-packages"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def telefonist(installed: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the installed program from a folder of its own, without the checkout."""
    # -S leaves out the .pth file by which an editable install finds the checkout.
    libraries = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    ours = {k: v for k, v in os.environ.items() if not k.startswith("TELEFONIST_")}
    environment = ours | {
        "PYTHONPATH": libraries,
        "TELEFONIST_CACHE": str(installed.parent / "cache"),
    }
    return subprocess.run(
        [sys.executable, "-S", "-m", "voice", *arguments],
        cwd=installed.parent,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_the_wheel_holds_the_data_and_the_command(wheel: Path):
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        (entry,) = [name for name in names if name.endswith("entry_points.txt")]
        commands = packed.read(entry).decode()
    assert "telefonist = voice.__main__:main" in commands
    for part in ("grammar", "models", "audio-fixtures/demo"):
        there = [path for path in (ROOT / part).rglob("*") if path.is_file()]
        if part == "models":
            shipped = ROOT / "models" / "sv-telephone"
            there = [path for path in there if path.is_relative_to(shipped)]
        data = part.removeprefix("audio-fixtures/")
        wanted = {
            f"voice/data/{data}/{path.relative_to(ROOT / part).as_posix()}"
            for path in there
        }
        assert wanted <= names
    assert not any(name.startswith("tests/") for name in names)


def test_words_are_understood_elsewhere(installed: Path):
    told = telefonist(installed, "understand", "semester till och med fredag")
    assert (told.returncode, told.stderr) == (0, "")
    assert "semester" in told.stdout


@pytest.mark.model
def test_the_demo_plays_elsewhere(installed: Path):
    told = telefonist(installed, "demo")
    assert (told.returncode, told.stderr) == (0, "")
    assert "Telefonisten. Jag är en dator." in told.stdout
    assert "After the call:" in told.stdout
