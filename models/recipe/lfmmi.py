"""The network that is trained, and lattice-free MMI, the criterion it is trained by.

Each phone is Kaldi's chain HMM: its first frame has one output, its later frames
another. The numerator sums over all alignments of the known phones (silence between
words optional), the denominator over all phone strings under a phone bigram. No
alignments and no decision tree are needed (Povey et al., Interspeech 2016).
"""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from recipe.examples import BANDS, STEP, Target

NEVER = -1e30
HALF = float(np.log(0.5))
# (kernel, dilation, stride); after the third layer one frame stands for 30 ms.
LAYERS = ((5, 1, 1), (3, 1, 1), (3, 1, 3), (3, 1, 1), (3, 2, 1), (3, 3, 1))
CONTEXT = 2 + 1 + 1 + STEP * (1 + 2 + 3)  # frames of 10 ms on each side


class Net(nn.Module):  # type: ignore[misc,unused-ignore]  # torch may be absent
    """1.1 million weights: six convolutions, then two outputs a phone."""

    def __init__(self, phones: int, width: int = 256, dropout: float = 0.0) -> None:
        """Make the layers that export.py can write; dropout is of whole channels."""
        super().__init__()
        self.dropout = dropout
        sizes = [BANDS] + [width] * len(LAYERS)
        self.cs = nn.ModuleList(
            nn.Conv1d(size, width, kernel, stride=stride, dilation=dilation)
            for size, (kernel, dilation, stride) in zip(sizes, LAYERS, strict=False)
        )
        self.bn = nn.ModuleList(nn.BatchNorm1d(width) for _ in LAYERS)
        self.out = nn.Conv1d(width, 2 * phones, 1)

    def forward(self, frames: Tensor) -> Tensor:
        """Map batch x time x 40 to batch x time / 3 x outputs."""
        x = frames.transpose(1, 2)
        for conv, norm in zip(self.cs, self.bn, strict=True):
            x = norm(functional.relu(conv(x)))
            x = functional.dropout1d(x, self.dropout, self.training)
        return self.out(x).transpose(1, 2)


def start_of(phones: int) -> Tensor:
    """Return the chance of each phone to be the first: silence nearly always."""
    start = torch.full((phones,), 1e-3)
    start[0] = 1
    return start / start.sum()


def denominator(outputs: Tensor, length: Tensor, bigram: Tensor) -> Tensor:
    """Return the log of the sum over every phone string, for each of the batch."""
    phones = len(bigram)
    gains = outputs.exp()
    first, later = gains[..., :phones], gains[..., phones:]
    chance = start_of(phones) * first[:, 0]
    total = chance.sum(1, keepdim=True)
    chance, logs = chance / total, [total.log()]
    for t in range(1, outputs.shape[1]):
        chance = 0.5 * ((chance @ bigram) * first[:, t] + chance * later[:, t])
        total = chance.sum(1, keepdim=True)
        chance = chance / total
        logs.append(logs[-1] + total.log())
    return torch.cat(logs, 1).gather(1, (length - 1)[:, None])[:, 0]


def numerator(
    outputs: Tensor, length: Tensor, targets: Sequence[Target], bigram: Tensor
) -> Tensor:
    """Return the log of the sum over the alignments of each known phone string."""
    phone, optional, size = _laid_out(targets)
    index = phone[:, None].expand(-1, outputs.shape[1], -1)
    first = outputs[..., : len(bigram)].gather(2, index)
    later = outputs[..., len(bigram) :].gather(2, index)
    logs, never = bigram.log(), torch.tensor(NEVER)
    step = functional.pad(logs[phone[:, :-1], phone[:, 1:]], (1, 0), value=NEVER)
    over = torch.where(optional[:, 1:-1], logs[phone[:, :-2], phone[:, 2:]], never)
    over = functional.pad(over, (2, 0), value=NEVER)
    alpha = torch.full(phone.shape, NEVER)
    alpha[:, :2] = start_of(len(bigram)).log()[phone[:, :2]]
    alpha = alpha + first[:, 0]
    history = [alpha]
    for t in range(1, outputs.shape[1]):
        one = functional.pad(alpha[:, :-1], (1, 0), value=NEVER) + step
        two = functional.pad(alpha[:, :-2], (2, 0), value=NEVER) + over
        entered = torch.logaddexp(one, two) + first[:, t]
        alpha = HALF + torch.logaddexp(entered, alpha + later[:, t])
        history.append(alpha)
    end = torch.stack(history, 1)[torch.arange(len(targets)), length - 1]
    last, but_one = end.gather(1, size - 1), end.gather(1, size - 2)
    return torch.logaddexp(last, but_one)[:, 0]


def _laid_out(targets: Sequence[Target]) -> tuple[Tensor, Tensor, Tensor]:
    """Return batch x phones, which of them are optional, and how many (batch x 1)."""
    size = torch.tensor([len(target) for target in targets])[:, None]
    phone = torch.zeros(len(targets), int(size.max()), dtype=torch.long)
    optional = torch.zeros_like(phone, dtype=torch.bool)
    for n, target in enumerate(targets):
        phone[n, : len(target)] = torch.tensor([p for p, _ in target])
        optional[n, : len(target)] = torch.tensor([o for _, o in target])
    return phone, optional, size
