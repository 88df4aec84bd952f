"""Pieces of pages that many are given at once, each made once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

_MOST = 1000


class Pieces:
    """The pieces made last, each by all that it depends on."""

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, str] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """Return a piece, made now if it has not been."""
        piece = self._made.get(key)
        if piece is None:
            piece = self._made[key] = make()
            while len(self._made) > _MOST:
                self._made.popitem(last=False)
        return piece
