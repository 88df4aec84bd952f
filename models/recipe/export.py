"""Trained weights and a lexicon -> a model folder: `export.py --help`.

Needs the extra `train` (torch). The folder holds all that hearing needs: the network
in Kaldi's binary form, its feature settings, the phones and the big lexicon.
"""

import argparse
import gzip
import shutil
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np

from recipe import weights as checkpoint
from recipe.agree import difference
from recipe.kaldi import Array, Layer, Network, acoustic_model
from recipe.measure_ear import model_in
from recipe.mended import TABLE, mend
from recipe.phrases import read_lexicon
from voice.sound.models import open_model
from voice.sound.score import Evidence

# (kernel, dilation, stride) of each convolution in the trained network.
SHAPE = ((5, 1, 1), (3, 1, 1), (3, 1, 3), (3, 1, 1), (3, 2, 1), (3, 3, 1))
BATCH_NORM_EPSILON = 1e-5
SEEN_OFTEN = 20  # a pair of phones seen so often counts for as much as the bigram
PLACES = "BEIS"  # begin, end, inside, single: a phone's place in its word
MFCC = """\
--sample-frequency=8000
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=3700
--dither=0
"""
# Ends of utterances are the house's own rule, so Vosk's endpoints are pushed away.
DECODER = """\
--min-active=200
--max-active=3000
--beam=10.0
--lattice-beam=6.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--frames-per-chunk=50
--endpoint.silence-phones=1
--endpoint.rule1.min-trailing-silence=1000
--endpoint.rule2.min-trailing-silence=1000
--endpoint.rule3.min-trailing-silence=1000
--endpoint.rule4.min-trailing-silence=1000
--endpoint.rule5.min-utterance-length=1000
"""


def folded(state: Mapping[str, Array], mean: Array, std: Array) -> Network:
    """Fold the input scaling and each batch norm into the affine map that follows."""
    layers, unit, context = [], 1, 0
    scale, shift = 1 / std, -mean / std
    for number, (kernel, dilation, stride) in enumerate(SHAPE):
        weight, bias = state[f"cs.{number}.weight"], state[f"cs.{number}.bias"]
        bias = bias + (weight * shift[None, :, None]).sum((1, 2))
        weight = weight * scale[None, :, None]
        offsets = tuple((j - kernel // 2) * dilation * unit for j in range(kernel))
        spliced = np.concatenate([weight[:, :, j] for j in range(kernel)], 1)
        layers.append(Layer(spliced, bias, offsets))
        context, unit = context + offsets[-1], unit * stride
        gain, offset, middle, variance = (
            state[f"bn.{number}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gain / np.sqrt(variance + BATCH_NORM_EPSILON)
        shift = offset - middle * scale
    layers.append(_output(state, scale, shift))
    return Network(tuple(layers), context)


def _output(state: Mapping[str, Array], scale: Array, shift: Array) -> Layer:
    """Order the outputs phone by phone: first frame, later frames."""
    weight, bias = state["out.weight"][:, :, 0], state["out.bias"]
    bias, weight = bias + weight @ shift, weight * scale[None]
    order = np.arange(len(bias)).reshape(2, -1).T.ravel()
    return Layer(weight[order], bias[order], (0,))


def placed_outputs(phones: int) -> list[tuple[int, int]]:
    """Give silence one number and every other phone one for each place in a word."""
    bases = [0, *(base for base in range(1, phones) for _ in PLACES)]
    return [(2 * base, 2 * base + 1) for base in bases]


def cleaned(lexicon: Path, phones: list[str]) -> bytes:
    """Mend the words, and keep those that the network's phones can spell, in order."""
    known = set(phones) - {"SIL"}
    said = mend(read_lexicon(lexicon), TABLE.read_text("utf-8").splitlines())
    lines = {
        " ".join([word, *way])
        for word, ways in said.items()
        for way in ways
        if way and known.issuperset(way)
    }
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def phone_bigram(lexicon: bytes, phones: list[str]) -> Array:
    """Estimate P(next phone | phone) from the words, silence between half of them."""
    number = {phone: index for index, phone in enumerate(phones)}
    counts = np.full((len(phones), len(phones)), 1.0)
    edges = np.zeros((2, len(phones)))
    for line in lexicon.decode().splitlines():
        spelled = [number[phone] for phone in line.split()[1:]]
        edges[0, spelled[0]] += 1
        edges[1, spelled[-1]] += 1
        np.add.at(counts, (spelled[:-1], spelled[1:]), 1)
    first, last = edges[0] / edges[0].sum(), edges[1]
    counts += 0.5 * np.outer(last, first)
    counts[:, 0] += 0.5 * last
    counts[0] += 0.5 * last.sum() * first
    return counts / counts.sum(1, keepdims=True)


def phone_trigram(lexicon: bytes, phones: list[str], bigram: Array) -> Array:
    """Return logs of P(third phone | first, second), leaning on the bigram.

    Like the bigram it is of the words, with silence between half of them.
    """
    number = {phone: index for index, phone in enumerate(phones)}
    counts = np.zeros((len(phones),) * 3)
    words = [
        [number[p] for p in line.split()[1:]] for line in lexicon.decode().splitlines()
    ]
    first = np.bincount([word[0] for word in words], minlength=len(phones)) / len(words)
    for word in words:
        said = [0, *word]
        np.add.at(counts, (said[:-2], said[1:-1], said[2:]), 1)
        counts[said[-2], said[-1], 0] += 0.5
        counts[said[-2], said[-1]] += 0.5 * first
        counts[said[-1], 0] += 0.5 * first
    leaning = counts + SEEN_OFTEN * bigram[None]
    return np.log(leaning / (counts.sum(2, keepdims=True) + SEEN_OFTEN))


def write_model(weights: Path, lexicon: Path, licence: Path, folder: Path) -> None:
    """Write the whole model folder but its measures and thresholds."""
    trained = checkpoint.read(weights)
    state = {key: value.double().numpy() for key, value in trained["sd"].items()}
    phones: list[str] = trained["phones"]
    network = folded(
        state, trained["mean"].double().numpy(), trained["std"].double().numpy()
    )
    for part in ("am", "conf"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    mdl = acoustic_model(network, placed_outputs(len(phones)))
    (folder / "am/final.mdl").write_bytes(mdl)
    (folder / "conf/mfcc.conf").write_text(MFCC)
    (folder / "conf/model.conf").write_text(DECODER)
    (folder / "phones.txt").write_text("\n".join(phones) + "\n", encoding="utf-8")
    words = cleaned(lexicon, phones)
    (folder / "lexicon.txt.gz").write_bytes(gzip.compress(words, mtime=0))
    bigram = phone_bigram(words, phones)
    np.savetxt(folder / "phone-bigram.txt", bigram, fmt="%.3e")
    trigram = phone_trigram(words, phones, bigram).astype(np.float16)
    np.save(folder / "phone-trigram.npy", trigram)
    shutil.copyfile(licence, folder / "lexicon-MIT.txt")
    (folder / "score.toml").write_text(unjudged(), encoding="utf-8")


def unjudged() -> str:
    """Return a score.toml that calls everything half sure, until calibrate.py."""
    weights = (f"{field.name} = 0.0" for field in fields(Evidence))
    return "\n".join(["bias = 0.0", "", "[weights]", *weights]) + "\n"


def main() -> None:
    """Read the arguments and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path, help="what the training wrote (.pt)")
    parser.add_argument("lexicon", type=Path, help="lexicon.txt.gz: word and phones")
    parser.add_argument("licence", type=Path, help="licence text of the lexicon")
    parser.add_argument("folder", type=Path, help="model folder to write")
    asked = parser.parse_args()
    write_model(asked.weights, asked.lexicon, asked.licence, asked.folder)
    model = model_in(asked.folder, open_model(Path(__file__).parents[1]))
    apart = difference(asked.weights, model)
    sys.stdout.write(f"{asked.folder}: outputs differ by {apart:.0e} from PyTorch's.\n")


if __name__ == "__main__":
    main()
