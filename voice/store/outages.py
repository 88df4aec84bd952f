"""What a database cannot do: told when it begins and when it is over, not each time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from voice.store.port import StoreAwayError, StoreError

log = logging.getLogger(__name__)

READING, WRITING = "reading", "writing"


class Outages:
    """What those who ask one database have last been told that it cannot do."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._told: dict[str, str] = {}
        self._is_open = False

    @contextmanager
    def told(self, doing: str) -> Iterator[None]:
        """Tell the log of a fault that is new, and of the end of one."""
        try:
            yield
        except StoreError as error:
            # The others are answers.
            if type(error) in (StoreError, StoreAwayError):
                self._begin(doing, str(error))
            raise
        self._is_open = True
        if self._told:
            self._end(doing)

    def _begin(self, doing: str, fault: str) -> None:
        # Who opens it and cannot says so in their own way.
        if not self._is_open:
            return
        if fault not in self._told.values():
            log.error("%s", fault)
        self._told[doing] = fault

    def _end(self, doing: str) -> None:
        """Forget what is over; whoever can read may still not be able to write."""
        over = self._told.get(doing)
        left = {d: f for d, f in self._told.items() if f != over and doing == READING}
        if left != self._told and not left:
            log.warning("The store %s is well again.", self._where)
        self._told = left
