"""Put a new model in the shipped one's place, when it is whole and hears better.

Both hear the audio fixtures' sounds, which taught neither. What is counted: sentences
heard right and not refused, less twice those misheard and less anything accepted of
sounds that say nothing. The old model stays untouched unless the new one counts as
much, or --force.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from recipe import manifest
from recipe.measure import Heard
from recipe.measure_clips import Sorting, read_fixtures, read_phrases, sort_fixtures
from recipe.measure_ear import Listeners, model_in
from recipe.measure_line import ALAW, Line
from voice.config import settings
from voice.errors import VoiceError
from voice.house import read_catalog
from voice.sound.models import Model, open_model

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "models/sv-telephone"
FIXTURES = ROOT / "audio-fixtures"
FILES = (
    *("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "lexicon-MIT.txt"),
    *("lexicon.txt.gz", "phone-bigram.txt", "phone-trigram.npy", "phones.txt"),
    "score.toml",
)


class ShippingError(VoiceError):
    """A new model is not to take the old one's place."""


def worth(heard: Iterable[Heard], ask: float) -> int:
    """Count what a model hears well, less what it does harm by."""
    count = 0
    for one in heard:
        if one.surety >= ask:
            count += 1 if one.is_right else -2 if one.clip.listed else -1
    return count


def measured(model: Model) -> int:
    """Return the worth of a model on the audio fixtures."""
    catalog = read_catalog(ROOT / "grammar")
    phrases = read_phrases(Path(__file__).with_name("phrases-90.txt"))
    speller = catalog.speller
    sorting = Sorting(
        phrases, frozenset(), lambda text: " ".join(speller.plain_words(text))
    )
    clips = sort_fixtures(read_fixtures(FIXTURES), sorting)
    listeners = Listeners(catalog, model, {}, settings().cache)
    heard = listeners.hear(clips, [Line(ALAW)], FIXTURES / "noise")
    return worth(heard, model.thresholds.ask)


def whole(folder: Path) -> None:
    """Check that a folder has every file; ShippingError names those it lacks."""
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise ShippingError(
            f"{folder} lacks {', '.join(missing)}: run export and calibrate first."
        )


def put(folder: Path) -> None:
    """Copy each file beside the old one, and then all in their places."""
    made = []
    for name in FILES:
        there = SHIPPED / name
        there.parent.mkdir(parents=True, exist_ok=True)
        unfinished = there.with_name(f".{there.name}.new")
        shutil.copyfile(folder / name, unfinished)
        made.append((unfinished, there))
    for unfinished, there in made:
        os.replace(unfinished, there)


def ship(folder: Path, force: bool) -> str:
    """Put a model in its place, and say by how much it is better."""
    whole(folder)
    shipped = open_model(ROOT / "models")
    new, old = measured(model_in(folder, shipped)), measured(shipped)
    if new < old and not force:
        raise ShippingError(
            f"The new model counts {new} on the audio fixtures, the shipped one {old}: "
            "nothing was changed. --force puts it there all the same."
        )
    put(folder)
    return f"{folder} is shipped: it counts {new} on the fixtures, the old one {old}.\n"


def main() -> None:
    """Measure both, put the new one in its place, and hash it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what export and calibrate made")
    parser.add_argument("--force", action="store_true", help="even when it is worse")
    parser.add_argument("--do", type=float, help="sure from here upwards")
    parser.add_argument("--ask", type=float, help="nothing below this")
    asked = parser.parse_args()
    sys.stdout.write(ship(asked.folder, asked.force))
    manifest.rewrite("sv-telephone", {"do": asked.do, "ask": asked.ask})


if __name__ == "__main__":
    main()
