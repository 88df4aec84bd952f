"""A store that cannot be asked yet, in the place of one that is being waited for."""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Any

from voice.store.port import Store, StoreAwayError


def away_store(error: StoreAwayError) -> Store:
    """Return a store of which whatever is asked is refused, with the reason."""
    part: Any = _Away(error)
    return Store(*(part for _ in fields(Store)))


class _Away:
    """Any part of it."""

    def __init__(self, error: StoreAwayError) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def refuse(*_: object, **__: object) -> object:
            # One that is raised twice would grow by all that it has gone through.
            raise StoreAwayError(str(self._error))

        return refuse
