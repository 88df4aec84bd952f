"""Speech and its phones -> a trained network: `python -m recipe.train --help`.

Every round hears each clip once, as another person on another line, and ends with a
checkpoint: a run that was stopped goes on from there. New clips of a folder are taken
up at the next round. What is shipped is the average of the last rounds' weights.
"""

import argparse
import itertools
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from recipe import weights
from recipe.examples import (
    STEP,
    Clip,
    ClipsError,
    Example,
    Frames,
    Studio,
    at_work,
    read_clips,
)
from recipe.lfmmi import CONTEXT, Net, denominator, numerator

SORTED = 3  # parts of a round within which examples of like length are put together
AVERAGED = 5  # rounds
MEASURED = 60  # clips of a folder that is measured with
PENALTY = 5e-4  # for large outputs
log = logging.getLogger(__name__)


def batches(
    parts: Iterable[list[Example]], size: int, rng: np.random.Generator
) -> Iterator[list[Example]]:
    """Yield examples of like length together, in any order."""
    parts = iter(parts)
    while some := list(itertools.chain(*itertools.islice(parts, SORTED))):
        some.sort(key=lambda example: example.length)
        for start in rng.permutation(np.arange(0, len(some), size)):
            yield some[start : start + size]


@dataclass(slots=True)
class Trainer:
    """The network, what it has learnt so far, and how it goes on."""

    net: Net
    mean: Tensor
    std: Tensor
    phones: list[str]
    bigram: Tensor
    rounds: int
    rate: float
    batch: int
    done: int = 0

    def gap(self, some: Sequence[Example]) -> tuple[Tensor, Tensor, int]:
        """Return denominator less numerator, the outputs, and how many they are."""
        length = torch.tensor([example.length for example in some])
        x = torch.stack([padded(e.frames, int(length.max())) for e in some])
        y = self.net((x - self.mean) / self.std)[:, : int(length.max())].clamp(-30, 30)
        targets = [example.target for example in some]
        below = denominator(y, length, self.bigram)
        above = numerator(y, length, targets, self.bigram)
        fits = above > -1e6  # a sound too short for its phones teaches nothing
        return ((below - above) * fits).sum(), y, int((length * fits).sum())

    def learn(
        self,
        parts: Iterable[list[Example]],
        count: int,
        rng: np.random.Generator,
        optim: Any,
    ) -> float:
        """Go through some `count` examples once; return the loss of a frame."""
        self.net.train()
        total, frames = 0.0, 0
        for n, some in enumerate(batches(parts, self.batch, rng)):
            progress = (self.done + min(1.0, n * self.batch / count)) / self.rounds
            for group in optim.param_groups:
                group["lr"] = self._rate_at(progress)
            gap, y, outputs = self.gap(some)
            loss = gap / max(1, outputs) + PENALTY * (y**2).mean()
            optim.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
            optim.step()
            total, frames = total + gap.item(), frames + outputs
        self.done += 1
        return total / max(1, frames)

    def loss(self, examples: Sequence[Example]) -> float:
        """Measure the loss of a frame on sounds not learnt from."""
        self.net.eval()
        with torch.no_grad():
            gaps = [self.gap([example]) for example in examples]
        lost = sum(float(gap) for gap, _, _ in gaps)
        return lost / max(1, sum(outputs for _, _, outputs in gaps))

    def checkpoint(self) -> dict[str, Any]:
        """Return what export.py, or another training, begins from."""
        scaling = {"mean": self.mean, "std": self.std, "phones": self.phones}
        return {"sd": self.net.state_dict(), **scaling}

    def _rate_at(self, progress: float) -> float:
        """Rise for a twentieth of the time, then fall as a cosine does."""
        if progress < 0.05:
            return self.rate * (0.1 + 18 * progress)
        fall = 0.5 * (1 + np.cos(np.pi * min(1, progress)))
        return float(self.rate * max(0.02, fall))


def padded(frames: Frames, outputs: int) -> Tensor:
    """Repeat the first and the last frame, as Kaldi does beyond the ends."""
    wanted = outputs * STEP - 2 + 2 * CONTEXT
    index = np.clip(np.arange(wanted) - CONTEXT, 0, len(frames) - 1)
    return torch.from_numpy(frames[index])


def beginning(asked: argparse.Namespace) -> dict[str, Any]:
    """Return the weights to begin with: given ones, or none and features measured."""
    if asked.begin:
        return weights.read(asked.begin)
    torch.manual_seed(asked.seed)
    phones = (asked.model / "phones.txt").read_text("utf-8").split()
    studio = Studio(phones, asked.seed, coded=False)
    clips = [clip for told in asked.folders for clip in _some(told, 0, asked.seed)]
    if not clips:
        raise ClipsError("There are no clips to learn from: make some first.")
    rng = np.random.default_rng(asked.seed)
    few = [clips[n] for n in rng.permutation(len(clips))[:400]]
    frames = np.concatenate([e.frames for e in studio.part(few, 0, 0, few[:40])])
    mean, std = (
        torch.from_numpy(v.astype("f")) for v in (frames.mean(0), frames.std(0))
    )
    sd = Net(len(phones), asked.width).state_dict()
    return {"sd": sd, "mean": mean, "std": std, "phones": phones}


def open_trainer(asked: argparse.Namespace) -> Trainer:
    """Begin with trained weights and their scaling of the features, or with none."""
    told = beginning(asked)
    net = weights.network(told, asked.dropout)
    table = torch.from_numpy(np.loadtxt(asked.model / "phone-bigram.txt", np.float32))
    scaling = told["mean"], told["std"], list(told["phones"])
    return Trainer(net, *scaling, table, asked.rounds, asked.rate, asked.batch)


def train(trainer: Trainer, asked: argparse.Namespace) -> None:
    """Go round by round, each with its checkpoint."""
    optim = torch.optim.AdamW(trainer.net.parameters(), trainer.rate)
    studio, last = (
        Studio(trainer.phones, asked.seed, asked.plain),
        asked.out / "last.pt",
    )
    if last.exists():
        kept = weights.read(last)
        trainer.net.load_state_dict(kept["sd"])
        optim.load_state_dict(kept["optim"])
        trainer.mean, trainer.std, trainer.done = (
            kept["mean"],
            kept["std"],
            kept["done"],
        )
    measured = {f: [studio.plain(c) for c in _few(f)] for f in asked.measure}
    with at_work(asked.workers) as workers:
        rounds = _prepared(studio, asked, trainer, workers)
        for number, count, parts in rounds:
            began = time.monotonic()
            rng = np.random.default_rng([asked.seed, number, 1])
            loss = trainer.learn(parts, count, rng, optim)
            others = {f.name: round(trainer.loss(e), 4) for f, e in measured.items()}
            seconds = time.monotonic() - began
            line = "round %d: %d clips, loss %.4f, unseen %s, %.0f s"
            log.info(line, number, count, loss, others, seconds)
            _keep(trainer, optim, asked.out)


def _prepared(
    studio: Studio,
    asked: argparse.Namespace,
    trainer: Trainer,
    workers: ProcessPoolExecutor,
) -> Iterator[tuple[int, int, Iterator[list[Example]]]]:
    """Yield each round to come; the next one is being made while one is learnt."""

    def made(number: int) -> tuple[int, int, Iterator[list[Example]]]:
        clips = [c for f in asked.folders for c in _some(f, number, asked.seed)]
        return number, len(clips), studio.round(clips, number, workers)

    if trainer.done >= trainer.rounds:
        return
    next_round = made(trainer.done)
    for number in range(trainer.done + 1, trainer.rounds):
        this_round, next_round = next_round, made(number)
        yield this_round
    yield next_round


def _few(folder: Path) -> list[Clip]:
    clips = read_clips(folder)
    return clips[:: max(1, len(clips) // MEASURED)][:MEASURED]


def _keep(trainer: Trainer, optim: Any, out: Path) -> None:
    kept = trainer.checkpoint()
    weights.write(kept, out / f"round-{trainer.done:03}.pt")
    files = sorted(out.glob("round-*.pt"))[-AVERAGED:]
    weights.write(weights.mean(files), out / "mean.pt")
    more = {"optim": optim.state_dict(), "done": trainer.done}
    weights.write(kept | more, out / "last.pt")


def _some(told: str, number: int, seed: int) -> list[Clip]:
    """Read FOLDER or FOLDER*N or FOLDER*0.5: all clips N times, or a part of them."""
    folder, _, times = told.partition("*")
    clips, share = read_clips(Path(folder)), float(times or 1)
    rng = np.random.default_rng([seed, number, 2])
    rest = rng.permutation(len(clips))[: round(len(clips) * (share % 1))]
    return clips * int(share) + [clips[n] for n in rest]


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the checkpoints")
    parser.add_argument("folders", nargs="+", help="FOLDER with index.tsv, or FOLDER*2")
    parser.add_argument("--begin", type=Path, help="weights to begin with (.pt)")
    parser.add_argument("--model", type=Path, default=MODEL, help="phones and bigram")
    parser.add_argument("--measure", type=Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--batch", type=int, default=16, help="examples a step")
    parser.add_argument("--plain", type=int, default=0, help="rounds of easy sound")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--width", type=int, default=256, help="without --begin")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    train(open_trainer(asked), asked)


MODEL = Path(__file__).parents[1] / "sv-telephone"

if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    main()
