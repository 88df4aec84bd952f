"""The acoustic network of a model, computed by numpy: sound -> outputs for each phone.

It reads the very file that Vosk decodes with, so the two can never disagree. Only what
models/recipe/export.py writes is understood: affine layers over spliced frames with
ReLUs between them.
"""

import math
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
from numpy.typing import NDArray

from voice.sound.models import Model, ModelError

Floats = NDArray[np.float32]

STEP = 3  # frames of 10 ms for each output: --frame-subsampling-factor
OUTPUT_SECONDS = 0.01 * STEP


@dataclass(frozen=True, slots=True)
class Layer:
    """One affine map over the frames at `offsets` (in 10 ms)."""

    weight: Floats
    bias: Floats
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Net:
    """The layers from the sound upwards, and the settings of the features."""

    layers: tuple[Layer, ...]
    features: knf.MfccOptions

    def outputs(self, pcm: bytes) -> Floats:
        """Return a row each 30 ms: log of (first, later frames) phone by phone."""
        frames = mfcc(pcm, self.features)
        count = (len(frames) + STEP - 1) // STEP
        if not count:
            return np.zeros((0, len(self.layers[-1].bias)), np.float32)
        spans = _spans(self.layers, STEP * (count - 1))
        low, high, _ = spans[0]
        # Kaldi repeats the first and the last frame beyond the ends.
        values = frames[np.clip(np.arange(low, high + 1), 0, len(frames) - 1)]
        for number, layer in enumerate(self.layers):
            values = _spliced(values, layer, spans[number], spans[number + 1])
            values = values @ layer.weight.T + layer.bias
            if number < len(self.layers) - 1:
                np.maximum(values, 0, out=values)
        return values


Span = tuple[int, int, int]  # first frame, last frame, distance between frames


def open_net(model: Model) -> Net:
    """Read the network and its feature settings."""
    path = model.folder / "am/final.mdl"
    try:
        return Net(_layers(path.read_bytes()), _features(model.folder))
    except (ValueError, KeyError, struct.error, OSError) as error:
        raise ModelError(
            f"{path} cannot be read ({error}): make the model by models/recipe."
        ) from error


def mfcc(pcm: bytes, options: knf.MfccOptions) -> Floats:
    """Return Kaldi's MFCCs, a row for each 10 ms."""
    extractor = knf.OnlineMfcc(options)
    sound = np.frombuffer(pcm, "<i2").astype(np.float32)
    extractor.accept_waveform(options.frame_opts.samp_freq, sound.tolist())
    extractor.input_finished()
    rows = [extractor.get_frame(n) for n in range(extractor.num_frames_ready)]
    return np.array(rows, np.float32).reshape(len(rows), options.num_ceps)


def _spans(layers: tuple[Layer, ...], last: int) -> list[Span]:
    """Say which frames each layer must be computed at, the input first."""
    span = (0, last, STEP)
    spans = [span]
    for layer in reversed(layers):
        low, high, step = span
        step = math.gcd(step, *(offset - layer.offsets[0] for offset in layer.offsets))
        span = (low + layer.offsets[0], high + layer.offsets[-1], step)
        spans.insert(0, span)
    # The input has every frame.
    spans[0] = (spans[0][0], spans[0][1], 1)
    return spans


def _spliced(values: Floats, layer: Layer, below: Span, here: Span) -> Floats:
    """Put the frames that the layer sees at once side by side."""
    low, high, step = here
    count = (high - low) // step + 1
    parts = []
    for offset in layer.offsets:
        begin = (low + offset - below[0]) // below[2]
        parts.append(values[begin :: step // below[2]][:count])
    return np.concatenate(parts, axis=1)


def _features(folder: Path) -> knf.MfccOptions:
    lines = (folder / "conf/mfcc.conf").read_text("utf-8").split()
    told = dict(line.removeprefix("--").split("=") for line in lines)
    options = knf.MfccOptions()
    options.frame_opts.samp_freq = float(told["sample-frequency"])
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = int(told["num-mel-bins"])
    options.mel_opts.low_freq = float(told["low-freq"])
    options.mel_opts.high_freq = float(told["high-freq"])
    options.num_ceps = int(told["num-ceps"])
    options.use_energy = told["use-energy"] == "true"
    return options


def _layers(mdl: bytes) -> tuple[Layer, ...]:
    """Read the affine layers out of Kaldi's binary nnet3 form."""
    begin = mdl.index(b"<Nnet3> ")
    wiring = mdl[begin : mdl.index(b"<NumComponents>", begin)].decode()
    splices = re.findall(r"component=(\S+) input=Append\((.*)\)", wiring)
    layers, at = [], begin
    for name, inputs in splices:
        at = mdl.index(f"<ComponentName> {name} ".encode(), at)
        at = mdl.index(b"<LinearParams> FM ", at) + len(b"<LinearParams> FM ")
        rows, columns = struct.unpack_from("<xixi", mdl, at)
        weight = np.frombuffer(mdl, "<f4", rows * columns, at + 10)
        at = at + 10 + weight.nbytes
        at = mdl.index(b"<BiasParams> FV ", at) + len(b"<BiasParams> FV ")
        bias = np.frombuffer(mdl, "<f4", rows, at + 5)
        offsets = tuple(int(o) for o in re.findall(r", (-?\d+)\)", inputs))
        layers.append(Layer(weight.reshape(rows, columns), bias, offsets))
    return tuple(layers)
