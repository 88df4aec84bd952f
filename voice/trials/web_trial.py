"""The web as a process of its own, asked over HTTP as browsers ask it."""

import asyncio
import re
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx

from voice.accounts import Logins
from voice.api_keys import give_key
from voice.store.accounts_port import Account, Login, Role
from voice.store.keys_port import ApiKey, KeySecret, Scope
from voice.store.port import Store
from voice.trials.machine import cpu_seconds, kept_to
from voice.trials.many_people import extension
from voice.trials.trial import TrialError, free_port
from voice.web.guard import API

_HERE = "127.0.0.1"
_BY = "trial"
_LOGIN, _PASSWORD = Login(_BY), "sju gröna små hästar"
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_FILE = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_PATIENCE_SECONDS = 60.0
_SETTINGS = """
[health]
listen = "{here}:{health}"
[web]
listen = "{here}:{port}"
requests_a_second = 10000
"""


@dataclass(frozen=True, slots=True)
class WebTrial:
    """A web that runs, and a browser that is logged in there, and has a key too."""

    process: Process
    client: httpx.AsyncClient
    key: KeySecret = field(repr=False)

    @property
    def cpu(self) -> float:
        """The CPU seconds it has taken."""
        return cpu_seconds([self.process.pid])

    async def seconds(self, path: str) -> float:
        """Return how long a page takes, from asking to its last byte."""
        given = {"Authorization": f"Bearer {self.key}"} if path.startswith(API) else {}
        began = time.perf_counter()
        answer = await self.client.get(path, headers=given)
        took = time.perf_counter() - began
        answer.raise_for_status()
        return took

    async def bytes(self, path: str) -> tuple[int, int]:
        """Return how large a page is with all its files, as sent and unpacked."""
        page = await self.client.get(path)
        files = sorted(set(_FILE.findall(page.text)))
        answers = [page, *[await self.client.get(file) for file in files]]
        sent = sum(each.num_bytes_downloaded for each in answers)
        return sent, sum(len(each.content) for each in answers)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[AsyncIterator[str]]:
        """Look at calls as they go on; give what comes, once how it is has come."""
        async with self.client.stream("GET", "/samtal/live") as answer:
            answer.raise_for_status()
            lines = answer.aiter_lines()
            async for line in lines:
                if line.startswith("data:"):
                    break
            yield lines


@asynccontextmanager
async def open_web_trial(
    url: str, store: Store, core: int | None
) -> AsyncIterator[WebTrial]:
    """Run the web over a store, kept to a core."""
    now, everything = datetime.now(UTC), frozenset({Role.ADMINISTRATOR})
    account = Account(_LOGIN, everything, now, extension(0))
    await store.accounts.put(account, now, _BY)
    await Logins(store).give(_LOGIN, _PASSWORD, now, _BY)
    key = await give_key(store, ApiKey(_BY, frozenset(Scope), now), now, _BY)
    port, health = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "telefonist.toml"
        text = _SETTINGS.format(here=_HERE, health=health, port=port)
        file.write_text(text, encoding="utf-8")
        with kept_to(core):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "voice", "web", "--settings", str(file)),
                # Not in the file: the address of a database may hold a password.
                env={"TELEFONIST_STORE": url, "PATH": ""},
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=DEVNULL,
            )
        try:
            await _started(process)
            async with _browser(f"http://{_HERE}:{port}") as client:
                yield WebTrial(process, client, key)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _started(process: Process) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(_PATIENCE_SECONDS):
        if not await process.stdout.readline():
            raise TrialError("The web does not run here: try `telefonist web`.")


@asynccontextmanager
async def _browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which somebody has logged in."""
    async with httpx.AsyncClient(
        base_url=address,
        headers={"Origin": address},
        limits=httpx.Limits(max_connections=None),
        timeout=_PATIENCE_SECONDS,
        trust_env=False,
    ) as client:
        page = await client.get("/logga-in")
        form = {name: unescape(value) for name, value in _FIELD.findall(page.text)}
        form |= {"login": _LOGIN, "password": _PASSWORD}
        answer = await client.post("/logga-in", data=form)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise TrialError(f"Nobody is let in ({answer.status_code}).")
        yield client


async def arrival(lines: AsyncIterator[str], texts: Sequence[str]) -> dict[str, float]:
    """Return when each of some texts came, of those that a viewer was told."""
    came: dict[str, float] = {}
    async for line in lines:
        now = time.perf_counter()
        came |= {text: now for text in texts if text not in came and text in line}
        if len(came) == len(texts):
            break
    return came
