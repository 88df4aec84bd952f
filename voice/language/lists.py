"""Several things as one piece of a sentence: "a, b och c"."""

from collections.abc import Mapping, Sequence


def listed(told: Sequence[str], prompts: Mapping[str, str]) -> str:
    """Return them one after the other, with the last joined as it is spoken."""
    *before, last = told
    if not before:
        return last
    return prompts["list_end"].format(before=", ".join(before), last=last)
