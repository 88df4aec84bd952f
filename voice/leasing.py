"""Has a chore done by one program at a time, of all that share a store."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from voice.errors import VoiceError
from voice.store.leases_port import Lease, Leases
from voice.store.port import LeaseLostError, StoreError

log = logging.getLogger(__name__)

Chore: TypeAlias = Callable[[], Awaitable[None]]


class ElsewhereError(VoiceError):
    """Another program does what was to be done."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(
            f"{name.capitalize()} are in the hands of {holder}, which sees to them all "
            "the time. If that has died, try again in half a minute."
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """How a lease is held; times in seconds."""

    length: float = 20.0
    """After so long without a renewal another may take it."""
    ours: float = 14.0
    """We stop by then, before another can begin."""
    renewed: float = 4.0
    """How often it is renewed, and how often others try to take it."""


def lease(name: str) -> Lease:
    """Return a lease that this program would hold."""
    # The last part tells apart two containers in which all else is the same.
    told = f"{socket.gethostname()}, process {os.getpid()}, {secrets.token_hex(3)}"
    return Lease(name, told)


_TERMS = Terms()


class Turns:
    """Does a chore whenever no other program does it."""

    def __init__(self, leases: Leases, lease: Lease, terms: Terms = _TERMS) -> None:
        self._leases, self._lease, self._terms = leases, lease, terms

    async def run(self, chore: Chore) -> None:
        """Do a chore as often as it is our turn, until cancelled or it breaks."""
        try:
            while True:
                began = await self._taken()
                with suppress(LeaseLostError):
                    await self._do(chore, began)
        finally:
            await self._give_up()

    async def once(self, chore: Chore, patience: float) -> None:
        """Do a chore once; ElsewhereError when it is not our turn within seconds."""
        try:
            try:
                async with asyncio.timeout(patience):
                    began = await self._taken()
            except TimeoutError:
                began, holder = _clock(), await self._take()
                if holder != self._lease.holder:
                    raise ElsewhereError(self._lease.name, holder) from None
            await self._do(chore, began)
        finally:
            await self._give_up()

    async def _taken(self) -> float:
        """Wait until it is our turn, and return since when."""
        told = None
        while True:
            began, holder = _clock(), None
            try:
                holder = await self._take()
            except StoreError as error:
                # The store itself tells the log, once; this asks again and again.
                log.debug("%s: %s", self._lease.name, error)
            if holder == self._lease.holder:
                return began
            if holder not in (None, told):
                log.info("%s are in the hands of %s", self._lease.name, holder)
                told = holder
            await asyncio.sleep(self._terms.renewed)

    async def _take(self) -> str:
        length = timedelta(seconds=self._terms.length)
        return await self._leases.take(self._lease, length)

    async def _do(self, chore: Chore, began: float) -> None:
        """Do a chore; LeaseLostError when our turn ends before it does."""
        log.info("%s are in our hands", self._lease.name)
        bound = asyncio.timeout_at(began + self._terms.ours)
        try:
            async with bound, asyncio.TaskGroup() as group:
                renewing = group.create_task(self._renewed(bound))
                await chore()
                renewing.cancel()
        except TimeoutError:
            if not bound.expired():
                raise
            raise self._lost() from None
        except ExceptionGroup as faults:
            if faults.split(LeaseLostError)[1] is not None:
                raise
            raise self._lost() from None

    def _lost(self) -> LeaseLostError:
        error = LeaseLostError(self._lease.name)
        log.warning("%s", error)
        return error

    async def _give_up(self) -> None:
        # Where the store is away, it ends by itself.
        with suppress(StoreError):
            await self._leases.give_up(self._lease)

    async def _renewed(self, bound: asyncio.Timeout) -> None:
        """Put the end off, as long as the lease is ours."""
        while True:
            await asyncio.sleep(self._terms.renewed)
            began = _clock()
            try:
                holder = await self._take()
            except StoreError as error:
                # The store itself tells the log, once; this asks again and again.
                log.debug("%s: %s", self._lease.name, error)
                continue
            if holder != self._lease.holder:
                raise LeaseLostError(self._lease.name)
            bound.reschedule(began + self._terms.ours)


def _clock() -> float:
    return asyncio.get_running_loop().time()
