"""Recordings become clips, with the pronunciation that is heard in each."""

from pathlib import Path

import pytest
from recipe.examples import read_clips
from recipe.people import RecordingsError, open_transcriber, recordings, write

FIXTURES = Path(__file__).parents[2] / "audio-fixtures"
SAID = "said/radera-divert-kokoro-am-adam.wav"
HEAD = "file\ttext\tspeaker\tkind\n"


def table(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "recordings.tsv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


@pytest.mark.model
def test_each_speaker_has_a_folder_of_clips(tmp_path):
    rows = (f"{FIXTURES / SAID}\tRadera\t{who}\tsynthetic" for who in ("adam", "bo"))
    some = list(recordings(table(tmp_path, *rows)))
    write(some, open_transcriber(some), tmp_path / "out")
    for who in ("adam", "bo"):
        (clip,) = read_clips(tmp_path / "out" / who)
        assert clip.words == (("r", "a", "d", "eː", "r", "a"),)
        assert clip.file.is_file()


@pytest.mark.model
def test_words_that_no_lexicon_has_are_pronounced_by_rule(tmp_path):
    some = list(recordings(table(tmp_path, f"{FIXTURES / SAID}\traderosa\tbo\tperson")))
    assert open_transcriber(some).lexicon["raderosa"][0][:2] == ("r", "a")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("nowhere.wav\tja\tbo\tperson", r"nowhere\.wav is missing"),
        ("recordings.tsv\t\tbo\tperson", "line 2: file, text and speaker are needed"),
    ],
)
def test_a_wrong_row_is_told_of(tmp_path, row, why):
    with pytest.raises(RecordingsError, match=why):
        list(recordings(table(tmp_path, row)))


def test_a_missing_table_is_told_of(tmp_path):
    with pytest.raises(RecordingsError, match="name a table of recordings"):
        list(recordings(tmp_path / "none.tsv"))
