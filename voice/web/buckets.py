"""How often each may ask: a bucket for everybody, filled drop by drop."""

from collections import OrderedDict
from dataclasses import dataclass

# Of so many askers the fullest in memory; beyond that the one longest silent goes.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How many a second in the long run, and how many at once."""

    a_second: float
    at_once: int


class Buckets:
    """The buckets of everybody who asked lately."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str, now: float) -> float:
        """Take one from a bucket; return the seconds to wait where it is empty."""
        rate = self.rate
        left, at = self._left.pop(who, (float(rate.at_once), now))
        left = min(left + max(0.0, now - at) * rate.a_second, rate.at_once)
        is_taken = left >= 1
        self._left[who] = (left - 1 if is_taken else left), now
        while len(self._left) > _MOST:
            self._left.popitem(last=False)
        return 0.0 if is_taken else (1 - left) / rate.a_second

    def left(self, who: str, now: float) -> float:
        """Return how many somebody may ask for at once."""
        rate = self.rate
        left, at = self._left.get(who, (float(rate.at_once), now))
        return min(left + max(0.0, now - at) * rate.a_second, rate.at_once)

    def give_back(self, who: str) -> None:
        """Put the one taken last back into a bucket."""
        if who in self._left:
            left, at = self._left[who]
            self._left[who] = min(left + 1, self.rate.at_once), at
