"""A site with something broken: each command says what to mend, and keeps the rest."""

import logging
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import FIXTURES, Play, Telefonist, Told

from voice.store.tables import VERSION_TABLE

ROOT = FIXTURES.parent
GREETING = "Telefonisten. Jag är en dator. Vad gäller det?"


@pytest.fixture
def grammar(
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return a site's own copy of the grammar files."""
    folder = tmp_path_factory.mktemp("site") / "grammar"
    shutil.copytree(ROOT / "grammar", folder)
    monkeypatch.setenv("TELEFONIST_GRAMMAR", str(folder))
    return folder


def append(path: Path, text: str) -> int:
    """Add to a file, and return the number of the line that was added."""
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}{text}\n", encoding="utf-8")
    return before.count("\n") + 1


def test_all_faults_of_a_grammar_are_told_with_file_and_line(
    telefonist: Telefonist, grammar: Path
):
    words = append(grammar / "words.toml", "= nonsense")
    codes = append(grammar / "codes.toml", "= nonsense")
    told = telefonist("understand", "radera")
    assert (told.code, told.out) == (1, "")
    assert f"words.toml: not TOML: Invalid statement (at line {words}," in told.err
    assert f"codes.toml: not TOML: Invalid statement (at line {codes}," in told.err


def test_a_grammar_that_is_not_there_names_every_file(
    telefonist: Telefonist, grammar: Path, monkeypatch: pytest.MonkeyPatch
):
    # The words of pages are read by those who show them.
    read = {path.name for path in grammar.glob("*.toml") if "web" not in path.name}
    monkeypatch.setenv("TELEFONIST_GRAMMAR", "nowhere")
    told = telefonist("understand", "radera")
    assert told.code == 1
    lines = told.err.removeprefix("telefonist: ").splitlines()
    assert {line.partition(":")[0] for line in lines} == read


@pytest.mark.model
def test_a_word_without_pronunciation_stops_with_its_name(
    telefonist: Telefonist, grammar: Path, quiet: Path
):
    reasons = grammar / "reasons.toml"
    text = reasons.read_text(encoding="utf-8")
    reasons.write_text(text.replace('"hembesök"', '"xyzzyx"', 1), encoding="utf-8")
    told = telefonist("hear", quiet)
    assert (told.code, told.out) == (1, "")
    assert "xyzzyx" in told.err
    assert "lexicon" in told.err


@pytest.mark.parametrize("command", ["hear", "replay"])
def test_a_model_that_was_changed_is_not_used(
    telefonist: Telefonist,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    quiet: Path,
    command: str,
):
    shutil.copytree(ROOT / "models", tmp_path / "models")
    with (tmp_path / "models/sv-telephone/am/final.mdl").open("ab") as file:
        file.write(b"!")
    monkeypatch.setenv("TELEFONIST_MODELS", str(tmp_path / "models"))
    told = telefonist(command, quiet)
    assert (told.code, told.out) == (1, "")
    assert "final.mdl is not what was shipped: install the program again" in told.err


@pytest.mark.model
@pytest.mark.parametrize("command", ["hear", "replay"])
def test_a_cache_that_cannot_be_written_says_so(
    telefonist: Telefonist,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    quiet: Path,
    command: str,
):
    # A folder beneath a file can be made by nobody, not even by root.
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TELEFONIST_CACHE", str(tmp_path / "file" / "cache"))
    told = telefonist(command, quiet)
    assert (told.code, told.out) == (1, "")
    wanted = "make room, or set TELEFONIST_CACHE to a folder that may be written"
    assert wanted in told.err


# No file may grow past this, as on a disk without room. It holds for a whole process,
# which must therefore be one of its own: the tests' own output may be a file. And it
# keeps no compiled code (-B): Python would write that cut off too, for others to load.
FULL_DISK = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
runpy.run_module("voice", run_name="__main__")
"""


def on_a_full_disk(*arguments: str) -> Told:
    command = [sys.executable, "-B", "-c", FULL_DISK, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr
    return Told(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.model
def test_a_cache_on_a_full_disk_is_left_without_a_half_made_graph(
    site: Path, monkeypatch: pytest.MonkeyPatch, quiet: Path
):
    monkeypatch.setenv("TELEFONIST_CACHE", str(site / "full"))
    told = on_a_full_disk("hear", str(quiet))
    assert (told.code, told.out) == (1, "")
    assert "make room, or set TELEFONIST_CACHE to a folder" in told.err
    assert list((site / "full" / "graphs").iterdir()) == []


def test_a_store_on_a_full_disk_says_so(site: Path):
    told = on_a_full_disk("extension", "add", "1234", "Anna")
    assert (told.code, told.out) == (1, "")
    assert "disk" in told.err


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TELEFONIST_WAIT_WHOLE", "abc", "must be seconds above 0, not 'abc'"),
        ("TELEFONIST_LONGEST_CALL", "-1", "must be seconds above 0, not '-1'"),
        ("TELEFONIST_WAIT_SILENCE", "nan", "must be seconds above 0, not 'nan'"),
        ("TELEFONIST_GRAMMER", "x", "is no setting: use one of TELEFONIST_CACHE"),
    ],
)
def test_a_wrong_setting_stops_with_its_name(
    telefonist: Telefonist,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    says: str,
):
    monkeypatch.setenv(name, value)
    told = telefonist("understand", "radera")
    assert (told.code, told.out) == (1, "")
    assert f"{name} {says}" in told.err


def test_a_store_of_a_newer_version_is_left_as_it_is(
    telefonist: Telefonist, site: Path
):
    telefonist("extension", "add", "1234", "Anna")
    with sqlite3.connect(site / "site.db") as database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    database.close()
    told = telefonist("extension", "add", "99", "Bo")
    assert told.code == 1
    assert "install a newer telefonist" in told.err


def test_a_file_that_is_no_store_is_left_as_it_is(telefonist: Telefonist, site: Path):
    (site / "site.db").write_text("not a database, only some text\n" * 40)
    before = (site / "site.db").read_bytes()
    told = telefonist("extension", "list")
    assert (told.code, "is not a database" in told.err) == (1, True)
    assert (site / "site.db").read_bytes() == before


def test_no_speech_name_or_number_is_ever_logged(
    telefonist: Telefonist, caplog: pytest.LogCaptureFixture, play: Play, site: Path
):
    telefonist("extension", "add", "7531", "Zacharias")
    caplog.set_level(logging.DEBUG)
    call = play("says sammanträde till halv tre", "keys #23#", "says blommig falukorv")
    told = telefonist("replay", call, "--from", "7531", "--store", site / "site.db")
    assert told.code == 0
    assert "voice" in caplog.text
    for secret in ("7531", "Zacharias", "sammanträde", "halv tre", "falukorv"):
        assert secret not in caplog.text + told.err


@pytest.mark.model
def test_check_tells_that_everything_is_here(telefonist: Telefonist):
    told = telefonist("check", "--json")
    assert (told.code, told.err) == (0, "")
    assert told.out.count('"ok": true') >= 7


def test_check_names_what_is_missing_and_goes_on(
    telefonist: Telefonist, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("TELEFONIST_MODELS", str(tmp_path / "none"))
    told = telefonist("check", "--store", "/no/such/folder/x.db")
    assert told.code == 1
    assert "✗ model" in told.out
    assert "✗ store" in told.out
    assert "✓ clock" in told.out


def test_the_lines_to_record_are_listed_and_a_folder_is_checked(
    telefonist: Telefonist, quiet: Path
):
    assert "greeting.wav" in telefonist("prompts").out
    assert f'"text": "{GREETING}"' in telefonist("prompts", "--json").out
    told = telefonist("prompts", "--check", "nowhere")
    assert (told.code, "cannot be read" in told.err) == (1, True)
    told = telefonist("prompts", "--check", quiet.parent, "--json")
    assert "quiet.wav" in told.out
