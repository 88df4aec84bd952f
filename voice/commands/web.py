"""`web`: the pages, until they are asked to end."""

import asyncio
import logging
import os
import signal
import sys
from functools import partial
from typing import Annotated

import typer

from voice.commands.options import SettingsFile, settings, store_at
from voice.config import Settings

WithService = Annotated[
    bool,
    typer.Option(
        "--with-service",
        hidden=True,
        help="End when the service that started it does: when its input ends.",
    ),
]

# Calls go before pages where both want the same core.
_NICER_BY = 5


def web(settings_file: SettingsFile = None, with_service: WithService = False) -> None:
    """Answer pages until SIGTERM or Ctrl-C; `serve` runs it where [web] listen is set.

    The first administrator is made by `telefonist user add`.
    """
    chosen = settings(settings_file)
    form = "%(asctime)s %(levelname)s web %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO, format=form, force=True)
    for chatty in ("alembic", "httpx", "uvicorn"):
        # httpx tells of each question at the level of what is told to operators.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if with_service:
        os.nice(_NICER_BY)
    asyncio.run(_serve(chosen, with_service))


async def _serve(chosen: Settings, with_service: bool) -> None:
    leave = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave.set)
    if with_service:
        _heed_end_of_input(leave)

    def ready(address: str) -> None:
        # Not by rich: the service reads this line as it is.
        typer.echo(f"The web is at {address}")
        sys.stdout.flush()

    # Loaded only where there are pages: it takes half a second.
    from voice.web_opening import serve_web_at_once

    opening = partial(store_at, chosen.store)
    await serve_web_at_once(chosen, opening, leave, ready)


def _heed_end_of_input(leave: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin.fileno())
            leave.set()

    loop.add_reader(sys.stdin.fileno(), read)
