"""Mix the weights of two networks of one shape: `python -m recipe.blend --help`.

What is learnt from few voices takes away from what was learnt from many; the mean of
the weights before and after forgets less (Wortsman et al., CVPR 2022).
"""

import argparse
from pathlib import Path

from recipe import weights


def main() -> None:
    """Read two checkpoints and write their mix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("taught", type=Path, help="weights of train.py (.pt)")
    parser.add_argument("before", type=Path, help="weights it began from (.pt)")
    parser.add_argument("share", type=float, help="share of the first, 0 to 1")
    parser.add_argument("out", type=Path, help="file to write")
    asked = parser.parse_args()
    taught, before = weights.read(asked.taught), weights.read(asked.before)
    mixed = {
        key: (asked.share * value + (1 - asked.share) * before["sd"][key]).to(
            value.dtype
        )
        for key, value in taught["sd"].items()
    }
    weights.write({**taught, "sd": mixed}, asked.out)


if __name__ == "__main__":
    main()
