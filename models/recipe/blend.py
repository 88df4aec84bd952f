"""Two sets of weights -> their weighted mean, which forgets less: `blend.py --help`.

Weights taught further by one kind of speech hear that kind better and others worse; a
mean with what they began from keeps most of the gain and of what was known before.
"""

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Read the arguments and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("taught", type=Path, help="weights after the training (.pt)")
    parser.add_argument("begin", type=Path, help="weights it began from")
    parser.add_argument("share", type=float, help="of the taught ones, 0 to 1")
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    taught = torch.load(asked.taught, weights_only=True)
    begin = torch.load(asked.begin, weights_only=True)["sd"]
    mean = {
        key: torch.lerp(begin[key].double(), value.double(), asked.share).to(value)
        for key, value in taught["sd"].items()
    }
    torch.save({**taught, "sd": mean}, asked.out)


if __name__ == "__main__":
    main()
