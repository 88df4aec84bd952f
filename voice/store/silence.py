"""A server that takes questions and answers none: nobody waits for it for long."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeAlias
from weakref import WeakSet

from voice.store.faults import SILENT
from voice.store.port import StoreAwayError, StoreError

_EVERY_SECONDS = 0.5
# Whoever has waited longer may be waiting in vain, or for something that takes long.
_LONG_SECONDS = 1.0
# Asked twice: it may have been this program that was kept from listening.
_TRIES = 2

Answers: TypeAlias = Callable[[], Awaitable[bool]]
"""Asks whether a server answers anybody, be it with a refusal."""


class Line(Protocol):
    """A connection that can be hung up on."""

    def terminate(self) -> None:
        """Close it at once; whoever waits for its answer gets none."""
        ...


class Silence:
    """Finds out, while somebody waits, whether a server answers at all."""

    def __init__(self, where: str, answers: Answers) -> None:
        self._where, self._answers = where, answers
        self._waits: dict[object, float] = {}
        self._lines: WeakSet[Line] = WeakSet()
        self._is_known = False

    def keep(self, line: Line) -> None:
        """Remember a connection, to be hung up on when it is of no use."""
        self._lines.add(line)

    def check(self) -> None:
        """Raise StoreAwayError while nobody is answered."""
        if self._is_known:
            raise StoreAwayError(f"The store {self._where} {SILENT}")

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Say that somebody waits; StoreAwayError once it is known to be in vain."""
        self.check()
        wait = object()
        self._waits[wait] = _clock()
        try:
            yield
        except StoreError:
            # What we hung up on says only that its connection is gone.
            self.check()
            raise
        finally:
            del self._waits[wait]

    async def watch(self) -> None:
        """Look after those who wait, until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            if self._is_known or self._is_long():
                self._is_known = not await self._is_answered()
            if self._is_known:
                for line in tuple(self._lines):
                    line.terminate()

    def _is_long(self) -> bool:
        oldest = min(self._waits.values(), default=_clock())
        return _clock() - oldest > _LONG_SECONDS

    async def _is_answered(self) -> bool:
        for _ in range(_TRIES):
            if await self._answers():
                return True
        return False


def _clock() -> float:
    return asyncio.get_running_loop().time()
