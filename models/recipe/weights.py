"""Checkpoints: a network's weights, the scaling of its features, and its phones."""

import os
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from recipe.lfmmi import Net
from voice.errors import VoiceError

KEPT = ("sd", "mean", "std", "phones")


class WeightsError(VoiceError):
    """A checkpoint cannot be used."""


def read(file: Path) -> dict[str, Any]:
    """Read a checkpoint; WeightsError says what is wrong with it."""
    try:
        told = torch.load(file, weights_only=True, map_location="cpu")
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError) as error:
        raise WeightsError(
            f"{file} is missing or damaged: take an earlier checkpoint of its folder, "
            "or train again."
        ) from error
    if not isinstance(told, dict) or not all(key in told for key in KEPT):
        raise WeightsError(
            f"{file} holds no network of this recipe: name a file that train.py wrote."
        )
    return told


def write(told: Mapping[str, Any], file: Path) -> None:
    """Write a checkpoint whole, or leave what was there."""
    unfinished = file.with_suffix(".unfinished")
    torch.save(dict(told), unfinished)
    os.replace(unfinished, file)


def network(told: Mapping[str, Any], dropout: float = 0.0) -> Net:
    """Return the network of a checkpoint."""
    width = told["sd"]["cs.0.weight"].shape[0]
    net = Net(len(told["phones"]), width, dropout)
    try:
        net.load_state_dict(told["sd"])
    except RuntimeError as error:
        raise WeightsError(
            "The checkpoint is of a network with other layers: train again."
        ) from error
    return net


def mean(files: Sequence[Path]) -> dict[str, Any]:
    """Return the mean of several checkpoints' weights."""
    told = [read(file) for file in files]
    sums = {
        key: torch.stack([t["sd"][key].double() for t in told]).mean(0).to(value.dtype)
        for key, value in told[0]["sd"].items()
    }
    return {**{key: told[0][key] for key in KEPT}, "sd": sums}
