"""Check that a model folder computes what the trained network does."""

from pathlib import Path

import numpy as np
import torch

from recipe import weights
from recipe.examples import mfcc
from recipe.train import padded
from voice.errors import VoiceError
from voice.sound.models import Model
from voice.sound.net import open_net

TOLERANCE = 1e-4  # of the largest output
SECONDS = 4


class DisagreementError(VoiceError):
    """A written network is not the one that was trained."""


def difference(trained: Path, model: Model) -> float:
    """Return the largest difference of an output, as a share of the largest output.

    DisagreementError above TOLERANCE: the folder is not to be shipped.
    """
    rng = np.random.default_rng(0)
    pcm = (3000 * rng.standard_normal(8000 * SECONDS)).astype("<i2").tobytes()
    told = weights.read(trained)
    net = weights.network(told).eval()
    frames = mfcc(np.frombuffer(pcm, "<i2") / 32768)
    written = open_net(model).outputs(pcm)
    x = (padded(frames, len(written)) - told["mean"]) / told["std"]
    with torch.no_grad():
        outputs = net(x[None])[0].numpy()
    # The recipe's net has all first frames first, Kaldi's goes phone by phone.
    ordered = outputs.reshape(len(outputs), 2, -1).transpose(0, 2, 1)
    apart = np.abs(ordered.reshape(written.shape) - written).max()
    share = float(apart / np.abs(written).max())
    if not share <= TOLERANCE:
        raise DisagreementError(
            f"The written network differs by {share:.1e} from the trained one: "
            "export it again, and report this if it stays so."
        )
    return share
