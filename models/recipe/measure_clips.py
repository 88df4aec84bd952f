"""Tables of recordings, folders of clips and the fixtures -> clips to be heard."""

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recipe.measure import Clip
from voice.errors import VoiceError

COLUMNS = ("file", "text", "speaker", "kind")
KINDS = ("person", "synthetic")
LONGEST_SENTENCE = 12  # words; callers say no more in a breath
WORDS, SENTENCES, FIXTURES = "words", "sentences", "fixtures"


class ClipsError(VoiceError):
    """Recordings to measure with are missing, or are told of in a wrong way."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One sound and who says what in it."""

    file: Path
    text: str
    speaker: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sorting:
    """How recordings become clips."""

    phrases: tuple[str, ...]
    unheard: frozenset[str]
    """Speakers that taught nothing of the model that hears them."""
    plain: Callable[[str], str]
    """The text as words that can be heard."""


@dataclass(frozen=True, slots=True)
class Clips:
    """What is heard, among which lists, and what is not."""

    clips: tuple[Clip, ...]
    lists: dict[str, tuple[str, ...]]
    notes: tuple[str, ...]


def read_phrases(file: Path) -> tuple[str, ...]:
    """Read a list of phrases, one a line."""
    lines = tuple(line.strip() for line in _text(file).splitlines() if line.strip())
    if not lines:
        raise ClipsError(f"{file} holds no phrase: write phrases in it, one a line.")
    return lines


def read_table(file: Path) -> list[Recording]:
    """Read a table of recordings, whose columns are separated by tabs."""
    rows = csv.DictReader(_text(file).splitlines(), delimiter="\t")
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise ClipsError(
            f"{file} lacks the column {', '.join(missing)}: its first line must name "
            f"{', '.join(COLUMNS)}, separated by tabs."
        )
    return [_recording(file, row) for row in rows]


def _recording(table: Path, row: dict[str, str]) -> Recording:
    if row["kind"] not in KINDS:
        raise ClipsError(
            f"{table} calls {row['file']} {row['kind']!r}: write {' or '.join(KINDS)}."
        )
    path = _there(table, row["file"])
    return Recording(path, row["text"], row["speaker"], row["kind"])


def read_folder(folder: Path, most: int) -> list[Recording]:
    """Read the first clips of a folder of synthetic speech with its index.tsv."""
    index, found = folder / "index.tsv", []
    for line in _text(index).splitlines()[:most]:
        file, tab, rest = line.partition("\t")
        if not tab:
            raise ClipsError(f"{index} has a line without a tab: write file, words.")
        text = rest.partition("\t")[0]
        found.append(Recording(_there(index, file), text, folder.name, "synthetic"))
    return found


def _there(table: Path, file: str) -> Path:
    path = table.parent / file
    if not path.is_file():
        raise ClipsError(f"{table} names {path}, which is not there: look at the name.")
    return path


def read_fixtures(folder: Path) -> list[tuple[Recording, bool]]:
    """Read the audio fixtures, and whether each is said in the grammar."""
    manifest = folder / "manifest.toml"
    try:
        sounds = tomllib.loads(_text(manifest))["sound"]
        told = [(s["file"], s["text"], s["speaker"], s["kind"]) for s in sounds]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ClipsError(
            f"{manifest} is no manifest of sounds ({error}): make the fixtures anew."
        ) from error
    return [
        (Recording(_there(manifest, file), *rest), file.startswith("said/"))
        for file, *rest in told
        if not file.startswith("calls/")
    ]


def sort_clips(recordings: Iterable[Recording], sorting: Sorting) -> Clips:
    """Hear single words among the phrases, sentences among all that are said."""
    told = [(one, sorting.plain(one.text)) for one in recordings]
    single = {
        text for _, text in told if text in sorting.phrases or len(text.split()) < 2
    }
    singles = [t for t in told if t[1] in single]
    several = [t for t in told if t[1] not in single]
    short = [t for t in several if len(t[1].split()) <= LONGEST_SENTENCE]
    said = dict.fromkeys([*sorting.phrases, *(text for _, text in short)])
    clips = [
        *(_clip(t, WORDS, t[1] in sorting.phrases, sorting) for t in singles),
        *(_clip(t, SENTENCES, True, sorting) for t in short),
    ]
    lists = {WORDS: sorting.phrases} | ({SENTENCES: tuple(said)} if short else {})
    return Clips(tuple(clips), lists, _left_out(len(several) - len(short)))


def _left_out(sentences: int) -> tuple[str, ...]:
    if not sentences:
        return ()
    return (f"Sentences of more than {LONGEST_SENTENCE} words left out: {sentences}",)


def _clip(
    told: tuple[Recording, str], phrases: str, listed: bool, sorting: Sorting
) -> Clip:
    recording, text = told
    who = {"person": "people", "synthetic": "synthetic"}[recording.kind]
    how = "unheard" if recording.speaker in sorting.unheard else "who taught"
    source = f"{who} {how}"
    return Clip(recording.file, text, recording.speaker, source, phrases, listed)


def sort_fixtures(
    fixtures: Sequence[tuple[Recording, bool]], sorting: Sorting
) -> Clips:
    """Hear the fixtures among the phrases and all that is said in the grammar."""
    told = [(one, sorting.plain(one.text), listed) for one, listed in fixtures]
    said = [text for _, text, listed in told if listed]
    clips = tuple(
        Clip(one.file, text, one.speaker, "fixtures (synthetic)", FIXTURES, listed)
        for one, text, listed in told
    )
    phrases = tuple(dict.fromkeys([*sorting.phrases, *said]))
    return Clips(clips, {FIXTURES: phrases}, ())


def joined(parts: Iterable[Clips]) -> Clips:
    """Put clips of several kinds together; ClipsError when none is of a list."""
    every = list(parts)
    clips = tuple(clip for part in every for clip in part.clips)
    if not any(clip.listed for clip in clips):
        raise ClipsError(
            f"None of the {len(clips)} clips says a phrase of the list: "
            "name recordings of phrases that are in it, or another list."
        )
    lists = {name: told for part in every for name, told in part.lists.items()}
    return Clips(clips, lists, tuple(note for part in every for note in part.notes))


def by_list(clips: Iterable[Clip]) -> Iterator[tuple[str, list[Clip]]]:
    """Yield the clips of each list."""
    grouped: dict[str, list[Clip]] = {}
    for clip in clips:
        grouped.setdefault(clip.phrases, []).append(clip)
    yield from grouped.items()


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fault = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise ClipsError(
            f"{file} cannot be read ({fault}): look at the name, or make it again."
        ) from error
