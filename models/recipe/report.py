"""How well the ear hears: print the kept report, or measure it anew.

Without a word about recordings the kept report is printed. A speaker who taught the
net is measured by a model that was taught without them (--fold), and told apart.
"""

import argparse
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from recipe.measure import (
    Group,
    Heard,
    Levels,
    Row,
    confusions,
    levels_of,
    row,
    taken,
    words,
)
from recipe.measure_clips import (
    Clips,
    Recording,
    Sorting,
    joined,
    read_fixtures,
    read_folder,
    read_phrases,
    read_table,
    sort_clips,
    sort_fixtures,
)
from recipe.measure_ear import Listeners, by_rule, model_in
from recipe.measure_line import ALAW, CODED, NONE, WHITE, Line, chosen, lines
from recipe.report_kept import NAME, Phrases, Report, ReportError, read, write
from recipe.report_table import text
from voice.config import settings
from voice.errors import VoiceError
from voice.house import read_catalog
from voice.sound.models import open_model

ROOT = Path(__file__).parents[2]
NOISES = ROOT / "audio-fixtures/noise"
KEPT = ROOT / "models/sv-telephone/report"
# Speakers are told apart on these only: a few clips each say little.
BY_SPEAKER = (Line(ALAW, NONE).name, Line(ALAW, WHITE).name)


def main() -> None:
    """Print the report; measure first where recordings are named."""
    asked = arguments().parse_args()
    try:
        if not (asked.recordings or asked.folder or asked.fixtures):
            sys.stdout.write(text(read(KEPT)))
            return
        measured = report(asked)
        sys.stdout.write(text(measured))
        if asked.write:
            keep(measured, KEPT)
    except VoiceError as error:
        sys.exit(f"recipe report: {error}")


def arguments() -> argparse.ArgumentParser:
    """Return what the report may be told."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_sources(parser)
    told = parser.add_argument
    told("--line", action="append", help='one of the lines, such as "A-law"; else all')
    told("--write", action="store_true", help="keep it, and draw it")
    return parser


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add what says which clips are heard, by which model."""
    told = parser.add_argument
    told("--recordings", type=Path, help="table: file, text, speaker, kind")
    told("--folder", type=Path, action="append", help="synthetic clips with index.tsv")
    told("--most", type=int, default=300, help="clips of a folder at most")
    told("--fixtures", action="store_true", help="the audio fixtures too")
    told("--fold", action="append", default=[], metavar="SPEAKER=MODELFOLDER")
    told("--unseen", action="append", default=[], metavar="SPEAKER")
    told("--phrases", type=Path, default=Path(__file__).with_name("phrases-90.txt"))
    told("--model-folder", type=Path, help="another model than the shipped one")


def report(asked: argparse.Namespace) -> Report:
    """Hear everything that was named, on all lines."""
    listeners = opened(asked)
    told = gathered(asked, listeners)
    on = chosen(asked.line) if asked.line else lines()
    heard = list(listeners.hear(told, on, NOISES))
    shipped = listeners.shipped
    levels = shipped.thresholds
    return Report(
        f"{datetime.now(UTC):%Y-%m-%d}",
        command("report"),
        f"{shipped.name} {shipped.digest[:12]}",
        *(levels.ask, levels.do),
        tuple(Phrases(name, len(some)) for name, some in told.lists.items()),
        (*told.notes, *by_rule(told, listeners), *_unmade(on)),
        tuple(rows(heard, levels.ask, levels.do)),
        tuple(word for word in words(heard) if word.right.hits < word.right.of),
        confusions(heard),
        taken(heard, levels.do),
    )


def opened(asked: argparse.Namespace) -> Listeners:
    """Open the models that hear."""
    chosen = settings()
    model, folds = open_model(chosen.models), {}
    if asked.model_folder:
        model = model_in(asked.model_folder, model)
    for told in asked.fold:
        speaker, equals, folder = told.partition("=")
        if not equals:
            raise ReportError(f"--fold {told} names no model: write SPEAKER=FOLDER.")
        folds[speaker] = model_in(Path(folder), model)
    return Listeners(read_catalog(chosen.grammar), model, folds, chosen.cache)


def gathered(asked: argparse.Namespace, listeners: Listeners) -> Clips:
    """Read every clip that was named, and sort them by list."""
    unheard = frozenset([*asked.unseen, *listeners.folds])
    speller = listeners.catalog.speller
    sorting = Sorting(
        read_phrases(asked.phrases),
        unheard,
        lambda text: " ".join(speller.plain_words(text)),
    )
    recordings: list[Recording] = []
    if asked.recordings:
        recordings += read_table(asked.recordings)
    for folder in asked.folder or ():
        recordings += read_folder(folder, asked.most)
    known = {one.speaker for one in recordings}
    if missing := sorted(unheard - known):
        raise ReportError(f"Nobody is called {missing[0]}: use {', '.join(known)}.")
    parts = [sort_clips(recordings, sorting)] if recordings else []
    if asked.fixtures:
        fixtures = read_fixtures(ROOT / "audio-fixtures")
        parts.append(sort_fixtures(fixtures, sorting))
    return joined(parts)


def rows(heard: Iterable[Heard], ask: float | None, do: float | None) -> Iterable[Row]:
    """Yield the figures of each source, list and line, and then of each speaker."""
    groups: dict[Group, list[Heard]] = {}
    for one in heard:
        clip = one.clip
        group = Group(clip.source, clip.phrases, one.line)
        groups.setdefault(group, []).append(one)
    levels: dict[Group, Levels] = {}
    ordered = sorted(groups.items(), key=lambda item: _order(item[0]))
    for group, some in ordered:
        levels[group] = levels_of(some, ask, do)
        yield row(group, some, levels[group])
    for group, some in ordered:
        if group.line in BY_SPEAKER:
            for speaker in sorted({one.clip.speaker for one in some}):
                theirs = [one for one in some if one.clip.speaker == speaker]
                own = Group(group.source, group.phrases, group.line, speaker)
                yield row(own, theirs, levels[group])


def _order(group: Group) -> tuple[str, str]:
    return group.source, group.phrases  # the lines stay as they were heard


def _unmade(on: Iterable[Line]) -> Sequence[str]:
    if {line.codec for line in on} == {ALAW}:
        return (f"Not measured: {', '.join(CODED)} (by ffmpeg, where it is installed)",)
    return ()


def command(step: str, given: Sequence[str] | None = None) -> str:
    """Return what was called, without the folders of the machine."""
    told = sys.argv[1:] if given is None else given
    return shlex.join(["telefonist", "model", step, *(_short(word) for word in told)])


def _short(word: str) -> str:
    name, equals, path = word.rpartition("=")
    return f"{name}{equals}{Path(path).name}" if "/" in path else word


def keep(measured: Report, folder: Path) -> None:
    """Draw the report and write it, with the peers of the one before."""
    if (folder / NAME).is_file():
        measured = replace(measured, peers=read(folder).peers)
    # Only here, because matplotlib comes with an extra that no reader needs.
    from recipe.figures import draw

    draw(measured, folder)
    write(measured, folder)


if __name__ == "__main__":
    main()
