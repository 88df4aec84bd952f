"""How much may be asked of a stand-in in a minute, and the most that was asked."""

from collections import defaultdict, deque
from time import monotonic

_MINUTE = 60.0


class _Sliding:
    """What was asked in the last minute, whichever minute that is."""

    def __init__(self) -> None:
        self.most = 0
        self._asked: deque[float] = deque()

    def is_full(self, most: int | None, now: float) -> bool:
        while self._asked and self._asked[0] <= now - _MINUTE:
            self._asked.popleft()
        return most is not None and len(self._asked) >= most

    def add(self, now: float) -> None:
        self._asked.append(now)
        self.most = max(self.most, len(self._asked))


class Quota:
    """Counts what is asked; without a bound everything may be."""

    def __init__(self) -> None:
        self.per_person: int | None = None
        self.in_all: int | None = None
        self.refused = 0
        self._everybody = _Sliding()
        self._people: dict[str, _Sliding] = defaultdict(_Sliding)

    @property
    def most_in_all(self) -> int:
        """The most that was asked in any minute."""
        return self._everybody.most

    @property
    def most_of_a_person(self) -> int:
        """The most that was asked in any minute of any one person's calendar."""
        return max((each.most for each in self._people.values()), default=0)

    def allows(self, owner: str) -> bool:
        """Tell whether something more may be asked of a person's calendar now."""
        now, own = monotonic(), self._people[owner]
        full = [
            own.is_full(self.per_person, now),
            self._everybody.is_full(self.in_all, now),
        ]
        if any(full):
            self.refused += 1
            return False
        own.add(now)
        self._everybody.add(now)
        return True
