"""A service that runs for a trial: with a directory, ports and a store of its own."""

import asyncio
import json
import os
import re
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from urllib.request import urlopen

from voice.config import Settings
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.phone.settings import PORTS_A_CALL
from voice.store.database import open_store
from voice.store.port import Listing, Store, Turn
from voice.trials.machine import cpu_seconds, kept_to, resident_mb, tree

Table: TypeAlias = Mapping[str, object]

_HERE = "127.0.0.1"
_READY = "Calls are answered."
_START_SECONDS = 120.0
_END_SECONDS = 90.0
# It rests when it has used next to no CPU for so long.
_RESTS_SECONDS = 1.0
_RESTS_SHARE = 0.05
_REST_WITHIN_SECONDS = 180.0
_LOOK_SECONDS = 0.1
_COMPLAINS = re.compile(r" (WARNING|ERROR|CRITICAL) ")


class TrialError(VoiceError):
    """The service does not run here."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A service that runs, seen from outside."""

    process: Process
    store: Store
    sip: int
    health: int
    complaints: list[str] = field(default_factory=list)
    """Warnings and errors that it has written."""

    @property
    def pids(self) -> list[int]:
        """The processes it consists of."""
        return tree(self.process.pid)

    @property
    def cpu(self) -> float:
        """The CPU seconds it has taken."""
        return cpu_seconds(self.pids)

    @property
    def memory(self) -> float:
        """The memory that it has, in MB."""
        return resident_mb(self.pids)

    async def rest(self) -> None:
        """Wait until it has nothing more to do."""
        async with asyncio.timeout(_REST_WITHIN_SECONDS):
            before = self.cpu
            while True:
                await asyncio.sleep(_RESTS_SECONDS)
                if self.cpu - before <= _RESTS_SHARE * _RESTS_SECONDS:
                    return
                before = self.cpu

    async def count(self, name: str) -> float:
        """Return one of the counts that it tells Prometheus."""
        page = await asyncio.to_thread(self._metrics)
        lines = (line.split() for line in page.splitlines())
        return next(float(line[1]) for line in lines if line[:1] == [name])

    def _metrics(self) -> str:
        with urlopen(f"http://{_HERE}:{self.health}/metrics", timeout=10) as page:
            return bytes(page.read()).decode()

    async def turns(self, callers: Sequence[Extension]) -> list[tuple[Turn, ...]]:
        """Return the transcript of the last call of each caller, once it has ended."""
        async with asyncio.timeout(_END_SECONDS):
            while True:
                newest = (await self.store.transcripts.calls())[::-1]
                last = {call.caller: call for call in newest if call.caller}
                if all(caller in last and last[caller].ended for caller in callers):
                    break
                await asyncio.sleep(_LOOK_SECONDS)
        turns = self.store.transcripts.turns
        return [await turns(last[caller].id) for caller in callers]


@dataclass(frozen=True, slots=True)
class TrialSite:
    """What the service is set up with: a folder of its own, and settings."""

    chosen: Settings
    folder: Path
    calls: int = 1
    more: Mapping[str, Table] = field(default_factory=dict)
    """Sections that not every trial has."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What is never written into a file, above all secrets."""

    @property
    def store(self) -> str:
        """The address of its store."""
        return f"sqlite:///{self.folder}/telefonist.db"


@asynccontextmanager
async def open_trial(
    chosen: Settings, people: Sequence[Listing], calls: int, core: int | None
) -> AsyncIterator[Trial]:
    """Run the service on one core, as a site with these settings would."""
    with tempfile.TemporaryDirectory() as name:
        site = TrialSite(chosen, Path(name), calls)
        async with open_store(site.store) as store:
            await store.directory.put(people, datetime.now(UTC), "trial")
            async with run_service(site, store, core) as trial:
                yield trial


@asynccontextmanager
async def run_service(
    site: TrialSite, store: Store, core: int | None
) -> AsyncIterator[Trial]:
    """Run the service at a site; it can be run there again."""
    room = PORTS_A_CALL * (site.calls + 2)
    sip = free_port(room + 2)
    health, rtp = sip + 1, sip + 2
    written = {**_written(site), **site.more}
    ports = {"listen": f"{_HERE}:{sip}", "rtp_ports": [rtp, rtp + room - 1]}
    written["sip"] = {**written["sip"], **ports}
    written["health"] = {"listen": f"{_HERE}:{health}"}
    file = site.folder / "telefonist.toml"
    file.write_text(_toml(written), encoding="utf-8")
    async with _running(file, site.environment, core) as process:
        trial = Trial(process, store, sip, health)
        reading = asyncio.create_task(_read_on(process, trial.complaints))
        yield trial
        reading.cancel()


def _written(site: TrialSite) -> dict[str, Table]:
    """Return the settings of a trial: the site's own, but for what it could disturb."""
    chosen, folder, calls = site.chosen, site.folder, site.calls
    return {
        "store": {"address": site.store},
        "sound": {
            "grammar": str(chosen.grammar.resolve()),
            "models": str(chosen.models.resolve()),
            "cache": str(chosen.cache.resolve()),
        },
        "waiting": asdict(chosen.waiting),
        "service": {"calls": calls},
        "sip": {"trusted": [_HERE], "exchange": f"{_HERE}:9", "calls": calls + 2},
        "recording": {"folder": str(folder / "calls")},
    }


def _toml(sections: Mapping[str, Table]) -> str:
    # What JSON writes of texts, numbers and lists is TOML too.
    return "".join(
        f"[{name}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in section.items())
        for name, section in sections.items()
    )


@asynccontextmanager
async def _running(
    file: Path, more: Mapping[str, str], core: int | None
) -> AsyncIterator[Process]:
    ours = ("TELEFONIST_", "NOTIFY_", "WATCHDOG_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    with kept_to(core):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "voice", "serve", "--settings", str(file)),
            stdout=PIPE,
            stderr=STDOUT,
            env={**environment, **more},
        )
    try:
        async with asyncio.timeout(_START_SECONDS):
            await _until_ready(process)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _until_ready(process: Process) -> None:
    assert process.stdout is not None
    last = ""
    while line := (await process.stdout.readline()).decode("utf-8", "replace").strip():
        if line == _READY:
            return
        last = line
    raise TrialError(f"The service did not start: {last}")


async def _read_on(process: Process, complaints: list[str]) -> None:
    """Let it write, for whoever is not read stands still; keep what it complains of."""
    assert process.stdout is not None
    while line := (await process.stdout.readline()).decode("utf-8", "replace"):
        if _COMPLAINS.search(line):
            complaints.append(line.strip())


def free_port(several: int = 1) -> int:
    """Return a port that nobody has, the first of several."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((_HERE, 0))
            port = int(probe.getsockname()[1])
        if port + several <= 65536 and _are_free(range(port, port + several)):
            return port


def _are_free(ports: range) -> bool:
    with ExitStack() as bound:
        for port in ports:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                probe = bound.enter_context(socket.socket(socket.AF_INET, kind))
                try:
                    probe.bind((_HERE, port))
                except OSError:
                    return False
    return True
