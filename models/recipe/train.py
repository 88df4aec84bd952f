"""Speech and its phones -> a trained network: `train.py --help`.

Every round hears each clip once, as another person on another line, and ends with a
checkpoint: a run that was stopped goes on from there. New clips of a folder are taken
up at the next round. What is shipped is the average of the last rounds' weights.
"""

import argparse
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from recipe.examples import Clip, Example, Frames, Studio, read_clips
from recipe.lfmmi import CONTEXT, STEP, Net, denominator, numerator

BATCH = 64
AVERAGED = 4  # rounds
PENALTY = 5e-4  # for large outputs
log = logging.getLogger(__name__)


def batches(
    examples: list[Example], rng: np.random.Generator
) -> Iterator[list[Example]]:
    """Yield examples of like length together, in any order."""
    examples = sorted(examples, key=lambda example: example.length)
    starts = np.arange(0, len(examples), BATCH)
    for start in rng.permutation(starts):
        yield examples[start : start + BATCH]


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
    done: int = 0

    def gap(self, some: Sequence[Example]) -> tuple[Tensor, Tensor, int]:
        """Return denominator less numerator, the outputs, and how many they are."""
        length = torch.tensor([example.length for example in some])
        x = torch.stack([_padded(e.frames, int(length.max())) for e in some])
        y = self.net((x - self.mean) / self.std)[:, : int(length.max())].clamp(-30, 30)
        targets = [example.target for example in some]
        below = denominator(y, length, self.bigram)
        above = numerator(y, length, targets, self.bigram)
        fits = above > -1e6  # a sound too short for its phones teaches nothing
        return ((below - above) * fits).sum(), y, int((length * fits).sum())

    def learn(
        self, examples: list[Example], rng: np.random.Generator, optim: Any
    ) -> float:
        """Go through the examples once; return the loss of a frame."""
        self.net.train()
        total, frames, count = 0.0, 0, -(-len(examples) // BATCH)
        for n, some in enumerate(batches(examples, rng)):
            for group in optim.param_groups:
                group["lr"] = self._rate_at((self.done + n / count) / self.rounds)
            gap, y, outputs = self.gap(some)
            loss = gap / max(1, outputs) + PENALTY * (y**2).mean()
            optim.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
            optim.step()
            total, frames = total + gap.item(), frames + outputs
        self.done += 1
        return total / frames

    def loss(self, examples: Sequence[Example]) -> float:
        """Measure the loss of a frame on sounds not learnt from."""
        self.net.eval()
        with torch.no_grad():
            gaps = [self.gap([example]) for example in examples]
        lost = sum(float(gap) for gap, _, _ in gaps)
        return lost / max(1, sum(outputs for _, _, outputs in gaps))

    def _rate_at(self, progress: float) -> float:
        """Rise for a twentieth of the time, then fall as a cosine does."""
        if progress < 0.05:
            return self.rate * (0.1 + 18 * progress)
        fall = 0.5 * (1 + np.cos(np.pi * min(1, progress)))
        return float(self.rate * max(0.02, fall))


def _padded(frames: Frames, outputs: int) -> Tensor:
    """Repeat the first and the last frame, as Kaldi does beyond the ends."""
    wanted = outputs * STEP - 2 + 2 * CONTEXT
    index = np.clip(np.arange(wanted) - CONTEXT, 0, len(frames) - 1)
    return torch.from_numpy(frames[index])


def open_trainer(weights: Path, bigram: Path, rounds: int, rate: float) -> Trainer:
    """Begin with trained weights, and their scaling of the features."""
    told = torch.load(weights, weights_only=True)
    net = Net(len(told["phones"]))
    net.load_state_dict(told["sd"])
    table = torch.from_numpy(np.loadtxt(bigram, dtype=np.float32))
    return Trainer(net, told["mean"], told["std"], told["phones"], table, rounds, rate)


def averaged(files: Sequence[Path]) -> dict[str, Any]:
    """Return the mean of several checkpoints' weights, as export.py reads them."""
    told = [torch.load(file, weights_only=True) for file in files]
    mean = {
        key: torch.stack([t["sd"][key].double() for t in told]).mean(0).to(value.dtype)
        for key, value in told[0]["sd"].items()
    }
    return {**told[0], "sd": mean}


def train(trainer: Trainer, asked: argparse.Namespace) -> None:
    """Go round by round, each with its checkpoint."""
    optim = torch.optim.AdamW(trainer.net.parameters(), trainer.rate)
    studio, last = Studio(trainer.phones, asked.seed), asked.out / "last.pt"
    if last.exists():
        kept = torch.load(last, weights_only=True)
        trainer.net.load_state_dict(kept["sd"])
        optim.load_state_dict(kept["optim"])
        trainer.done = kept["done"]
    measured = {f: [studio.plain(c) for c in read_clips(f)] for f in asked.measure}
    while trainer.done < trainer.rounds:
        began, number = time.monotonic(), trainer.done
        clips = [c for f in asked.folders for c in _some(f, number, asked.seed)]
        rng = np.random.default_rng([asked.seed, number, 1])
        loss = trainer.learn(studio.round(clips, number), rng, optim)
        others = {f.name: round(trainer.loss(e), 4) for f, e in measured.items()}
        seconds = time.monotonic() - began
        line = "round %d: %d clips, loss %.4f, unseen %s, %.0f s"
        log.info(line, number, len(clips), loss, others, seconds)
        scaling = {"mean": trainer.mean, "std": trainer.std, "phones": trainer.phones}
        kept = {"sd": trainer.net.state_dict(), **scaling}
        torch.save(kept, asked.out / f"round-{number:03}.pt")
        torch.save(kept | {"optim": optim.state_dict(), "done": trainer.done}, last)
        files = sorted(asked.out.glob("round-*.pt"))[-AVERAGED:]
        torch.save(averaged(files), asked.out / "mean.pt")


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
    parser.add_argument("weights", type=Path, help="weights to begin with (.pt)")
    parser.add_argument("bigram", type=Path, help="phone-bigram.txt of the model")
    parser.add_argument("out", type=Path, help="folder for the checkpoints")
    parser.add_argument("folders", nargs="+", help="FOLDER with index.tsv, or FOLDER*2")
    parser.add_argument("--measure", type=Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    train(open_trainer(asked.weights, asked.bigram, asked.rounds, asked.rate), asked)


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    main()
