"""Make an ear from nothing: every step in order, going on where it was stopped.

Each step keeps what it has made in the work folder, and a step that was done is done
at once again: stop it when you like, and give the same command to go on. Nothing that
is shipped is touched before the new model is whole and hears better (ship).
"""

import argparse
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recipe.__main__ import run
from recipe.people import recordings

MODEL = Path(__file__).parents[1] / "sv-telephone"
# Voices of Kokoro's: the first two are heard by nothing but the report, the others
# teach the score and not the network.
HELD = {"held-female": "af_sarah", "held-male": "am_onyx"}
UNHEARD = ("bm_daniel", "bf_lily", "pf_dora")
EASY = 5  # rounds of a net that knows nothing in which clips are heard as they are

log = logging.getLogger(__name__)
Step = tuple[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is made of what, and how much of it."""

    work: Path
    voices: Path
    espeak: Path
    recordings: Path
    begin: Path | None
    kokoro: int
    rounds: int

    def steps(self) -> Iterator[Step]:
        """Yield each step with its arguments."""
        yield from self._clips()
        yield from self._networks()
        yield "sounds", (self.work / "sounds", f"{self.work / 'unheard'}*6")
        told = ("--sounds", self.work / "sounds/sounds.tsv", *self._heard())
        unheard = ("--folder", self.work / "unheard")
        yield "calibrate", ("--model-folder", self.work / "model", *told, *unheard)
        yield "ship", (self.work / "model",)
        held = (part for name in HELD for part in ("--folder", self.work / name))
        yield "report", (*held, *self._heard(), "--fixtures", "--write")

    def _clips(self) -> Iterator[Step]:
        kokoro, work = ("kokoro", self.voices), self.work
        for name, voice in HELD.items():
            yield "speak", (*kokoro, 70, work / name, "--only", voice)
        yield "speak", (*kokoro, 160, work / "unheard", "--only", *UNHEARD)
        without = ("--without", *HELD.values(), *UNHEARD)
        yield "speak", (*kokoro, self.kokoro, work / "kokoro", *without)
        yield "speak", ("espeak", self.espeak, 1000, work / "espeak")
        yield "people", (self.recordings, work / "people")

    def _networks(self) -> Iterator[Step]:
        """Train by all speakers, and once without each, for measuring with."""
        begin = ("--begin", self.begin) if self.begin else ("--plain", EASY)
        synthetic = (self.work / "kokoro", f"{self.work / 'espeak'}*0.5")
        speakers = self._speakers()
        for left_out in (None, *speakers):
            people = [self.work / "people" / s for s in speakers if s != left_out]
            out = self.work / ("all" if left_out is None else f"without-{left_out}")
            rounds = ("--rounds", self.rounds, "--threads", 2, *begin)
            yield "train", (out, *synthetic, *people, *rounds)
            model = self.work / ("model" if left_out is None else f"{out.name}-model")
            lexicon = (MODEL / "lexicon.txt.gz", MODEL / "lexicon-MIT.txt")
            yield "export", (out / "mean.pt", *lexicon, model)

    def _speakers(self) -> list[str]:
        return sorted({one.speaker for one in recordings(self.recordings)})

    def _heard(self) -> Iterator[object]:
        yield from ("--recordings", self.recordings)
        for speaker in self._speakers():
            model = self.work / f"without-{speaker}-model"
            yield from ("--fold", f"{speaker}={model}")


def main() -> None:
    """Read the arguments and take every step."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    parser = argparse.ArgumentParser(description=__doc__)
    told = parser.add_argument
    told("work", type=Path, help="folder for all that is made")
    told("--voices", type=Path, required=True, help="package/voices of kokoro-js")
    told("--espeak", type=Path, required=True, help="espeak-ng-data/voices/!v")
    told("--recordings", type=Path, required=True, help="table: file, text, speaker")
    told("--begin", type=Path, help="weights to begin with; otherwise from nothing")
    told("--kokoro", type=int, default=3000, help="phrases that Kokoro says")
    told("--rounds", type=int, default=20, help="rounds of each training")
    plan = Plan(**vars(parser.parse_args()))
    plan.work.mkdir(parents=True, exist_ok=True)
    for step, arguments in plan.steps():
        log.info("%s %s", step, " ".join(map(str, arguments)))
        run(step, [str(one) for one in arguments])


if __name__ == "__main__":
    main()
