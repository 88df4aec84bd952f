"""Recordings are found, sorted by list, and told of clearly when they are not."""

from pathlib import Path

import pytest
from recipe.measure_clips import (
    ClipsError,
    Sorting,
    joined,
    read_fixtures,
    read_folder,
    read_phrases,
    read_table,
    sort_clips,
    sort_fixtures,
)

HEAD = "file\ttext\tspeaker\tkind\n"
SORTING = Sorting(
    ("ett", "halv två"),
    frozenset({"anna"}),
    lambda text: text.lower(),
)


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    for name in ("a.wav", "b.wav", "c.wav", "d.wav", "e.wav"):
        (tmp_path / name).write_bytes(b"sound")
    return tmp_path


def table(folder: Path, text: str) -> Path:
    file = folder / "table.tsv"
    file.write_text(text, encoding="utf-8")
    return file


def test_clips_are_sorted_by_list_and_by_who_taught(sounds: Path):
    rows = (
        "a.wav\tEtt\tanna\tperson",
        "b.wav\thalv två\tbo\tperson",
        "c.wav\tkatt\tbo\tperson",
        "d.wav\tjag kommer nu\trobot\tsynthetic",
        f"e.wav\t{'ja ' * 13}\tbo\tperson",
    )
    told = sort_clips(read_table(table(sounds, HEAD + "\n".join(rows))), SORTING)
    assert [(c.text, c.source, c.phrases, c.listed) for c in told.clips] == [
        ("ett", "people unheard", "words", True),
        ("halv två", "people who taught", "words", True),
        ("katt", "people who taught", "words", False),
        ("jag kommer nu", "synthetic who taught", "sentences", True),
    ]
    assert told.lists["sentences"] == ("ett", "halv två", "jag kommer nu")
    assert told.notes == ("Sentences of more than 12 words left out: 1",)


def test_a_table_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ClipsError, match=r"no\.tsv cannot be read \(No such file"):
        read_table(tmp_path / "no.tsv")


def test_a_missing_column_is_named(tmp_path: Path):
    with pytest.raises(ClipsError, match="lacks the column speaker, kind: its first"):
        read_table(table(tmp_path, "file\ttext\nx.wav\tett\n"))


def test_a_missing_recording_is_named(tmp_path: Path):
    file = table(tmp_path, f"{HEAD}x.wav\tett\tanna\tperson\n")
    with pytest.raises(ClipsError, match=r"names .*x\.wav, which is not there"):
        read_table(file)


def test_a_strange_kind_is_named(sounds: Path):
    file = table(sounds, f"{HEAD}a.wav\tett\tanna\tparrot\n")
    with pytest.raises(ClipsError, match="'parrot': write person or synthetic"):
        read_table(file)


def test_no_clip_of_the_list_is_told(sounds: Path):
    file = table(sounds, f"{HEAD}a.wav\tkatt\tanna\tperson\n")
    told = sort_clips(read_table(file), SORTING)
    with pytest.raises(ClipsError, match="None of the 1 clips says a phrase"):
        joined([told])


def test_a_folder_of_clips_is_one_speaker(sounds: Path):
    index = "a.wav\tett\tɛ t\nb.wav\tkatt\tk a t\n"
    (sounds / "index.tsv").write_text(index, encoding="utf-8")
    first, second = read_folder(sounds, 10)
    assert (first.text, first.speaker, first.kind) == ("ett", sounds.name, "synthetic")
    assert second.text == "katt"
    assert read_folder(sounds, 1) == [first]


def test_a_folder_without_an_index_is_told(tmp_path: Path):
    with pytest.raises(ClipsError, match=r"index\.tsv cannot be read"):
        read_folder(tmp_path, 10)


def test_an_index_line_without_words_is_told(sounds: Path):
    (sounds / "index.tsv").write_text("a.wav\n", encoding="utf-8")
    with pytest.raises(ClipsError, match="without a tab: write file, words"):
        read_folder(sounds, 10)


def test_fixtures_are_heard_among_all_that_is_said(tmp_path: Path):
    (tmp_path / "said").mkdir()
    (tmp_path / "noise").mkdir()
    for name in ("said/a.wav", "noise/b.wav"):
        (tmp_path / name).write_bytes(b"sound")
    (tmp_path / "manifest.toml").write_text(
        '[[sound]]\nfile = "said/a.wav"\ntext = "lunch"\nspeaker = "x"\n'
        'kind = "synthetic"\n[[sound]]\nfile = "noise/b.wav"\ntext = ""\n'
        'speaker = "none"\nkind = "synthetic"\n',
        encoding="utf-8",
    )
    told = sort_fixtures(read_fixtures(tmp_path), SORTING)
    assert [(c.text, c.listed) for c in told.clips] == [("lunch", True), ("", False)]
    assert told.lists == {"fixtures": ("ett", "halv två", "lunch")}


def test_a_manifest_that_is_none_is_told(tmp_path: Path):
    (tmp_path / "manifest.toml").write_text("sound = 3", encoding="utf-8")
    with pytest.raises(ClipsError, match="is no manifest of sounds"):
        read_fixtures(tmp_path)


def test_an_empty_list_of_phrases_is_told(tmp_path: Path):
    (tmp_path / "none.txt").write_text("\n \n", encoding="utf-8")
    with pytest.raises(ClipsError, match="holds no phrase"):
        read_phrases(tmp_path / "none.txt")


def test_the_list_that_is_shipped_has_ninety_phrases_once_each():
    shipped = Path(__file__).parents[2] / "models/recipe/phrases-90.txt"
    phrases = read_phrases(shipped)
    assert len(phrases) == len(set(phrases)) == 90
