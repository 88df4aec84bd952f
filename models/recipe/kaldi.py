"""Kaldi's binary model format, as far as a convolutional network needs it.

Layouts follow Kaldi's source: base/io-funcs-inl.h, matrix/kaldi-matrix.cc,
hmm/hmm-topology.cc, hmm/transition-model.cc and nnet3/nnet-nnet.cc.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HALF = float(np.log(0.5))


@dataclass(frozen=True, slots=True)
class Layer:
    """One affine map over spliced frames; `offsets` are in 10 ms frames."""

    weight: Array  # outputs x (inputs * len(offsets)), earliest frame first
    bias: Array
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Affine layers with a ReLU after each but the last."""

    layers: tuple[Layer, ...]
    context: int  # 10 ms frames that the output sees on each side


def acoustic_model(network: Network, outputs: Sequence[tuple[int, int]]) -> bytes:
    """Return final.mdl; `outputs` are (first frame, later frames) of each phone."""
    return b"\0B" + _transitions(outputs) + _nnet3(network)


def _token(text: str) -> bytes:
    return text.encode() + b" "


def _int(value: int) -> bytes:
    return struct.pack("<bi", 4, value)


def _ints(values: Sequence[int]) -> bytes:
    return struct.pack(f"<bi{len(values)}i", 4, len(values), *values)


def _vector(values: Array) -> bytes:
    return _token("FV") + _int(len(values)) + values.astype("<f4").tobytes()


def _matrix(rows: Array) -> bytes:
    shape = _int(rows.shape[0]) + _int(rows.shape[1])
    return _token("FM") + shape + np.ascontiguousarray(rows, "<f4").tobytes()


def _probability(state: int) -> bytes:
    return _int(state) + struct.pack("<bf", 4, 0.5)


def _topology(phones: int) -> bytes:
    """Describe phones of one emitting state, chain style (a new self-loop class)."""
    numbers = range(1, phones + 1)
    emitting = _int(0) + _int(1) + _int(2) + _probability(0) + _probability(1)
    leaving = _int(-1) + _int(-1) + _int(0)
    return (
        _token("<Topology>")
        + _ints(list(numbers))
        + _ints([-1] + [0] * phones)
        + _int(-1)  # says that self-loops have a class of their own
        + _int(1)
        + _int(2)
        + emitting
        + leaving
        + _token("</Topology>")
    )


def _transitions(outputs: Sequence[tuple[int, int]]) -> bytes:
    """Number the moves: phone k (from 1) stays by 2k-1 and is entered by 2k."""
    tuples = b"".join(
        _int(phone) + _int(0) + _int(first) + _int(later)
        for phone, (first, later) in enumerate(outputs, 1)
    )
    logs = np.array([0.0] + [HALF] * (2 * len(outputs)))
    return (
        _token("<TransitionModel>")
        + _topology(len(outputs))
        + _token("<Tuples>")
        + _int(len(outputs))
        + tuples
        + _token("</Tuples>")
        + _token("<LogProbs>")
        + _vector(logs)
        + _token("</LogProbs>")
        + _token("</TransitionModel>")
    )


def _nnet3(network: Network) -> bytes:
    lines, parts = _wiring(network)
    body = b"".join(_token("<ComponentName>") + part for part in parts)
    context = _token("<LeftContext>") + _int(network.context)
    context += _token("<RightContext>") + _int(network.context)
    return (
        _token("<Nnet3>")
        + ("\n" + "\n".join(lines) + "\n\n").encode()
        + _token("<NumComponents>")
        + _int(len(parts))
        + body
        + _token("</Nnet3>")
        + context
        + _token("<Priors>")
        + _vector(np.zeros(0))
    )


def _wiring(network: Network) -> tuple[list[str], list[bytes]]:
    width = network.layers[0].weight.shape[1] // len(network.layers[0].offsets)
    lines, parts, below = [f"input-node name=input dim={width}"], [], "input"
    last = len(network.layers) - 1
    for number, layer in enumerate(network.layers):
        affine = "output.affine" if number == last else f"layer{number}.affine"
        spliced = ", ".join(f"Offset({below}, {o})" for o in layer.offsets)
        lines.append(_node(affine, f"Append({spliced})"))
        parts.append(_token(affine) + _affine(layer))
        below = affine
        if number < last:
            below = f"layer{number}.relu"
            lines.append(_node(below, affine))
            parts.append(_token(below) + _relu(len(layer.bias)))
    lines.append(f"output-node name=output input={below} objective=linear")
    return lines, parts


def _node(name: str, source: str) -> str:
    return f"component-node name={name} component={name} input={source}"


def _affine(layer: Layer) -> bytes:
    return (
        _token("<FixedAffineComponent>")
        + _token("<LinearParams>")
        + _matrix(layer.weight)
        + _token("<BiasParams>")
        + _vector(layer.bias)
        + _token("</FixedAffineComponent>")
    )


def _relu(width: int) -> bytes:
    nothing = _vector(np.zeros(0))
    return (
        _token("<RectifiedLinearComponent>")
        + _token("<Dim>")
        + _int(width)
        + _token("<ValueAvg>")
        + nothing
        + _token("<DerivAvg>")
        + nothing
        + _token("<Count>")
        + struct.pack("<bd", 8, 0.0)
        + _token("</RectifiedLinearComponent>")
    )
