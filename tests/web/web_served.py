"""`telefonist web` as a site runs it: a process of its own over a store in a file."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from web_house import fill

from voice.store.database import open_store

# Far more than any of it takes, in seconds; only a fault makes it last.
PATIENCE = 60.0
_SETTINGS = """
[store]
address = "{store}"
[health]
listen = "127.0.0.1:{health}"
[web]
listen = "127.0.0.1:{port}"
{more}
"""


@dataclass(slots=True)
class Served:
    """A web that runs."""

    process: Process
    address: str
    told: list[str]

    async def end(self) -> int:
        """Ask it to end, as a supervisor does; return how it ended."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody has now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def settings_in(folder: Path, more: str = "", store: str = "") -> tuple[Path, int]:
    """Write a settings file; return it, and the port of the web."""
    port, health = free_port(), free_port()
    file = folder / "telefonist.toml"
    store = store or f"sqlite:///{folder}/telefonist.db"
    text = _SETTINGS.format(store=store, port=port, health=health, more=more)
    file.write_text(text, encoding="utf-8")
    return file, port


@asynccontextmanager
async def served_web(
    folder: Path, *options: str, more: str = "", store: str = "", **secrets: str
) -> AsyncIterator[Served]:
    """Run the web with some people and accounts, until the end."""
    store = store or f"sqlite:///{folder}/telefonist.db"
    async with open_store(store) as opened:
        await fill(opened)
    async with started_web(folder, store, *options, more=more, **secrets) as served:
        yield served


@asynccontextmanager
async def started_web(
    folder: Path, store: str, *options: str, more: str = "", **secrets: str
) -> AsyncIterator[Served]:
    """Run the web over a store as it is, until the end."""
    file, port = settings_in(folder, more, store)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice", "web", "--settings", str(file), *options),
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        env=environment() | secrets,
    )
    served = Served(process, f"http://127.0.0.1:{port}", [])
    reading = asyncio.create_task(_read(served))
    try:
        await until(served, "The web is at")
        yield served
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def until(served: Served, text: str) -> None:
    """Wait until it has said something."""
    async with asyncio.timeout(PATIENCE):
        while not any(text in line for line in served.told):
            assert served.process.returncode is None, served.told
            await asyncio.sleep(0.02)


async def _read(served: Served) -> None:
    assert served.process.stdout is not None
    async for line in served.process.stdout:
        served.told.append(line.decode())


def environment() -> dict[str, str]:
    """Return what a program is to know of this one's surroundings."""
    return {k: v for k, v in os.environ.items() if not k.startswith("TELEFONIST_")}
