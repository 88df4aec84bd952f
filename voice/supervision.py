"""Tells systemd how the service is, where systemd has started it."""

import asyncio
import logging
import socket

from voice.config import Supervisor

log = logging.getLogger(__name__)

READY = "READY=1"
LEAVING = "STOPPING=1"
_ALIVE = "WATCHDOG=1"


def tell(supervisor: Supervisor | None, state: str) -> None:
    """Say that calls are answered (`READY`), or that the end has begun (`LEAVING`)."""
    if supervisor is None:
        return
    # sd_notify(3): a datagram; an @ stands for the NUL of an abstract address.
    address = supervisor.address
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
            telling.setblocking(False)
            telling.connect(address)
            telling.send(state.encode())
    except OSError as error:
        log.warning("the supervisor cannot be told: %s", error.strerror)


async def keep_telling(supervisor: Supervisor | None) -> None:
    """Say that the loop of calls is alive, as often as is asked, until cancelled."""
    if supervisor is None or supervisor.patience is None:
        return
    while True:
        tell(supervisor, _ALIVE)
        # sd_watchdog_enabled(3): every half of the time.
        await asyncio.sleep(supervisor.patience / 2)
