"""The report is kept as it was measured, printed as it is kept, and really measured."""

import argparse
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recipe import report
from recipe.measure import Accepted, Count, Group, Row, Share, Word
from recipe.report_kept import (
    NAME,
    Peer,
    Peers,
    Phrases,
    Report,
    ReportError,
    read,
    write,
)
from recipe.report_table import peers_text, share, text

from voice.errors import VoiceError

FIXTURES = Path(__file__).parents[2] / "audio-fixtures"
names = st.text(st.characters(codec="utf-8"), max_size=8)
shares = st.builds(Share, st.integers(0, 9), st.integers(0, 9))
levels = st.none() | st.builds(Accepted, st.floats(0, 1), shares, shares, shares)
groups = st.builds(Group, names, names, names, names)
points = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=3).map(tuple)
rows = st.builds(Row, groups, shares, levels, levels, levels, levels, points)
counts = st.builds(Count, names, names, names, st.integers(0, 9))
costs = st.floats(0.001, 9)
some_rows = st.lists(rows, max_size=2).map(tuple)
peers = st.builds(
    Peers,
    *(names, names, names),
    st.lists(st.builds(Peer, names, costs, costs, costs, some_rows, names)).map(tuple),
)
reports = st.builds(
    Report,
    *(names, names, names, st.floats(0, 1), st.floats(0, 1)),
    st.lists(st.builds(Phrases, names, st.integers(0, 9)), max_size=2).map(tuple),
    st.lists(names, max_size=2).map(tuple),
    some_rows,
    st.lists(st.builds(Word, names, names, shares), max_size=2).map(tuple),
    st.lists(counts, max_size=2).map(tuple),
    st.lists(counts, max_size=2).map(tuple),
    st.none() | peers,
)

HALF = Share(1, 2)
ROW = Row(
    Group("people unheard", "words", "A-law"),
    Share(81, 90),
    Accepted(0.4, Share(72, 90), Share(0, 90), Share(6, 60)),
    None,
    Accepted(0.3, Share(80, 90), Share(1, 90), Share(9, 60)),
    Accepted(0.8, Share(45, 90), Share(0, 90), Share(0, 60)),
)
MEASURED = Report(
    *("2026-11-22", "telefonist model report --recordings x.tsv", "sv 123"),
    *(0.3, 0.8, (Phrases("words", 90),), ("2 sentences were left out",), (ROW,)),
    *((Word("people unheard", "sju", HALF),), (Count("people unheard", "sju", "", 1),)),
    (Count("people unheard", "[b]katt", "ett", 3),),
)


@given(reports)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, told: Report
):
    folder = tmp_path_factory.mktemp("report")
    write(told, folder)
    assert read(folder) == told
    assert [file.name for file in folder.iterdir()] == [NAME]


def test_a_missing_report_is_told(tmp_path: Path):
    with pytest.raises(ReportError, match="measure one by report --recordings TABLE"):
        read(tmp_path)


@pytest.mark.parametrize("damage", ["", "[]", '{"date": 3}', "{", '{"date": "x"}'])
def test_a_damaged_report_is_told(tmp_path: Path, damage: str):
    (tmp_path / NAME).write_text(damage, encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be read .*measure it anew"):
        read(tmp_path)


def test_a_share_is_told_with_where_it_lies():
    assert share(Share(81, 263)) == "31 % (26-37)"
    assert share(Share(0, 0)) == share(None) == "-"


def test_the_text_says_what_was_measured_when_and_by_which_command():
    told = text(MEASURED)
    assert "Measured 2026-11-22 by: telefonist model report --recordings x.tsv" in told
    assert "ask from 0.3, do from 0.8. Phrases in each list: words 90." in told
    assert "2 sentences were left out." in told
    assert "[b]katt" in told
    (line,) = [line for line in told.splitlines() if "90 % (82-95)" in line]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert cells == ["A-law", "90", "60", "90 % (82-95)", "80 % (71-87)", "-"]


def test_a_single_wrong_command_is_seen():
    told = text(MEASURED)
    assert "80/90 89 %" in told
    assert " 1/90 1 % " in told
    assert " 0/60 0 % " in told


def test_peers_are_told_as_ratios_to_ours():
    ours = Peer("ours", 0.1, 0.02, 50.0, (ROW,))
    other = Peer("other", 1.0, 0.9, 400.0, (ROW,), "it is slow")
    told = peers_text(Peers("2026-11-22", "telefonist model peers", "x", (ours, other)))
    assert "0.9000 (45 x)" in told
    assert "400 (8 x)" in told
    assert "other: it is slow" in told


def test_the_command_is_kept_without_the_folders_of_the_machine():
    given_ = [
        "--recordings",
        "some/where/x.tsv",
        "--fold",
        "anna=models/fold",
        "--write",
    ]
    assert report.command("report", given_) == (
        "telefonist model report --recordings x.tsv --fold anna=fold --write"
    )


def asked(*arguments: str | Path) -> argparse.Namespace:
    return report.arguments().parse_args([str(argument) for argument in arguments])


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a table of four fixtures, and keep the graphs beside it."""
    monkeypatch.setenv("TELEFONIST_CACHE", str(tmp_path / "cache"))
    lines = ["file\ttext\tspeaker\tkind"]
    for name, said in (
        ("said/hanvisning-kokoro-af-heart.wav", "Hänvisning"),
        ("said/semester-kokoro-mix-olle.wav", "semester"),
        ("said/radera-hanvisningen-divert-kokoro-if-sara.wav", "radera digium"),
        ("other/sammanfattning-kokoro-am-adam.wav", "sammanfattning"),
    ):
        file = tmp_path / Path(name).name
        shutil.copy(FIXTURES / name, file)
        lines.append(f"{file.name}\t{said}\tkokoro\tsynthetic")
    table = tmp_path / "table.tsv"
    table.write_text("\n".join(lines), encoding="utf-8")
    return table


@pytest.mark.model
def test_recordings_are_heard_by_the_real_ear(recordings: Path):
    told = report.report(
        asked("--recordings", recordings, "--unseen", "kokoro", "--line", "A-law")
    )
    whole = [row for row in told.rows if not row.group.speaker]
    assert [(row.group.source, row.group.phrases, row.best.of) for row in whole] == [
        ("synthetic unheard", "sentences", 1),
        ("synthetic unheard", "words", 2),
    ]
    assert whole[1].best == Share(2, 2)
    assert "Pronounced by rule among the sentences: digium" in told.notes
    assert whole[1].do is not None
    assert whole[1].do.foreign == Share(0, 1)
    assert [(phrases.name, phrases.size) for phrases in told.lists] == [
        ("words", 90),
        ("sentences", 91),
    ]


@pytest.mark.model
def test_a_fold_hears_its_speaker_with_its_own_model(recordings: Path, tmp_path: Path):
    shipped = Path(__file__).parents[2] / "models/sv-telephone"
    fold = tmp_path / "fold"
    shutil.copytree(shipped, fold)
    told = report.report(
        asked("--recordings", recordings, "--fold", f"kokoro={fold}", "--line", "A-law")
    )
    assert {row.group.source for row in told.rows} == {"synthetic unheard"}


def test_a_line_that_is_not_there_is_told(recordings: Path):
    with pytest.raises(VoiceError, match="There is no line 'tin can' here"):
        report.report(asked("--recordings", recordings, "--line", "tin can"))


def test_a_speaker_who_is_not_there_is_told(recordings: Path):
    with pytest.raises(ReportError, match="Nobody is called bo: use kokoro"):
        report.report(asked("--recordings", recordings, "--unseen", "bo"))


def test_a_fold_without_a_model_is_told(recordings: Path):
    with pytest.raises(ReportError, match="--fold kokoro names no model"):
        report.report(asked("--recordings", recordings, "--fold", "kokoro"))


def test_a_fold_that_is_no_model_is_told(recordings: Path, tmp_path: Path):
    fold = f"kokoro={tmp_path}"
    with pytest.raises(VoiceError, match="is no model folder"):
        report.report(asked("--recordings", recordings, "--fold", fold))


def test_a_sound_that_cannot_be_read_is_told(recordings: Path):
    (recordings.parent / "semester-kokoro-mix-olle.wav").write_bytes(b"no sound")
    with pytest.raises(VoiceError, match="semester-kokoro-mix-olle.wav"):
        report.report(asked("--recordings", recordings, "--line", "A-law"))
