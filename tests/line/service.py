"""The whole service as a site runs it: `telefonist serve` with a settings file."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sipp import HERE, PATIENCE, free_port

from voice.divert.model import Divert, Extension
from voice.divert.routing import standing
from voice.store.database import open_store
from voice.store.port import Call, Listing, Store, Turn, Who

ANNA, BO = Extension("1234"), Extension("1300")
# It may take a while until a call that has ended is ended in the transcript too.
_LOOKS = 0.05

_SETTINGS = """
[store]
address = "sqlite:///{folder}/data/telefonist.db"
[sound]
cache = "{cache}"
[service]
ring_through = "9{{extension}}"
{service}
[sip]
listen = "{here}:{sip}"
exchange = "{here}:{exchange}"
trusted = ["{here}"]
rtp_ports = [{rtp}, {rtp_last}]
{line}
[health]
listen = "{here}:{health}"
[recording]
folder = "{folder}/data/calls"
"""


@dataclass(slots=True)
class Service:
    """A service that runs."""

    process: Process
    folder: Path
    to: str
    exchange: int
    health: int
    store: Store
    told: list[str] = field(default_factory=list)

    async def read(self) -> None:
        """Take what it writes, until it has ended."""
        assert self.process.stdout
        while line := await self.process.stdout.readline():
            self.told.append(line.decode("utf-8", "replace"))

    async def until(self, text: str) -> None:
        """Wait until it has written something."""
        async with asyncio.timeout(PATIENCE):
            while text not in "".join(self.told):
                assert self.process.returncode is None, "".join(self.told)
                await asyncio.sleep(_LOOKS)

    async def calls(self, ended: int = 1) -> tuple[Call, ...]:
        """Wait until so many calls have ended; return all, the first one first."""
        async with asyncio.timeout(PATIENCE):
            while True:
                calls = await self.store.transcripts.calls()
                if sum(call.ended is not None for call in calls) >= ended:
                    return calls[::-1]
                await asyncio.sleep(_LOOKS)

    async def turns(self, at: int = 0) -> tuple[Turn, ...]:
        """Return the turns of the call that began first, or of a later one."""
        calls = await self.store.transcripts.calls()
        return await self.store.transcripts.turns(calls[::-1][at].id)

    async def heard(self, text: str) -> None:
        """Wait until the attendant has begun to say this in some call."""
        async with asyncio.timeout(PATIENCE):
            while True:
                calls = await self.store.transcripts.calls()
                for call in calls:
                    turns = await self.store.transcripts.turns(call.id)
                    if any(t.who is Who.ATTENDANT and text in t.text for t in turns):
                        return
                await asyncio.sleep(_LOOKS)

    async def closes(self, extension: Extension) -> Divert:
        """Wait until something stands on an extension, and return it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for divert in await self.stands(extension):
                    return divert
                await asyncio.sleep(_LOOKS)

    async def opens(self, extension: Extension) -> None:
        """Wait until nothing stands on an extension any more."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if not await self.stands(extension):
                    return
                await asyncio.sleep(_LOOKS)

    async def stands(self, extension: Extension = ANNA) -> tuple[Divert, ...]:
        """Return what stands on an extension."""
        there = await self.store.diverts.standing(extension)
        return standing(there.diverts, datetime.now(UTC))

    async def end(self) -> int:
        """Ask it to end, as a supervisor does; return how it ended."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(2 * PATIENCE):
            return await self.process.wait()

    @property
    def line_process(self) -> int:
        """The number of the process that carries its SIP calls."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for child in children.read_text().split():
            if b"sip_process" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        raise AssertionError("there is no line process")


@asynccontextmanager
async def running(
    folder: Path,
    cache: Path,
    service: str = "",
    line: str = "",
    environment: Mapping[str, str] = {},
) -> AsyncIterator[Service]:
    """Run the service until the end, with some people in its directory."""
    # In one piece, so that none of them is among the others.
    sip = free_port(202)
    rtp, health, exchange = sip + 2, free_port(), free_port()
    (folder / "data").mkdir(parents=True)
    file = folder / "telefonist.toml"
    written = _SETTINGS.format(
        folder=folder,
        cache=cache,
        here=HERE,
        sip=sip,
        exchange=exchange,
        rtp=rtp,
        rtp_last=rtp + 199,
        health=health,
        service=service,
        line=line,
    )
    file.write_text(written, encoding="utf-8")
    async with open_store(f"sqlite:///{folder}/data/telefonist.db") as store:
        people = [
            Listing(ANNA, "Anna Berg", "Skola"),
            Listing(BO, "Bo Ek", "Vård"),
            *(Listing(Extension(f"130{n}"), "Eva Lund", f"Enhet {n}") for n in (1, 2)),
        ]
        await store.directory.put(people, datetime.now(UTC), "test")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "voice", "serve", "--settings", str(file)),
            stdout=PIPE,
            stderr=STDOUT,
            env=_environment() | environment,
        )
        there = Service(process, folder, f"{HERE}:{sip}", exchange, health, store)
        reading = asyncio.create_task(there.read())
        try:
            await there.until("Calls are answered.")
            yield there
        finally:
            if process.returncode is None:
                process.terminate()
                try:
                    async with asyncio.timeout(PATIENCE):
                        await process.wait()
                except TimeoutError:
                    process.kill()
                    await process.wait()
            await reading


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("TELEFONIST_")}
