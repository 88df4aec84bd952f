"""How long a hook that does not answer is tried: about a day, more and more seldom."""

from datetime import timedelta

_FIRST_SECONDS = 5.0
_LONGEST_SECONDS = 3600.0
_A_DAY_SECONDS = 24 * 3600.0
# Hooks that failed together are not to be tried together.
_SPREAD = 0.25


def pause(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after so many tries; `chance` is from 0 to 1."""
    spread = 1 + _SPREAD * (2 * chance - 1)
    return timedelta(seconds=_seconds(attempts) * spread)


def is_in_vain(attempts: int) -> bool:
    """Tell whether a hook has been tried for a day."""
    return sum(map(_seconds, range(1, attempts + 1))) >= _A_DAY_SECONDS


def _seconds(attempts: int) -> float:
    # Doubled no more often than it takes to be the longest.
    return min(_FIRST_SECONDS * (1 << min(attempts - 1, 20)), _LONGEST_SECONDS)
