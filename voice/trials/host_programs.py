"""Runs what has calendars for a trial: stand-ins and a server, each its own process.

They belong to the tests, and so to the source and to no installed package.
"""

import asyncio
import base64
import json
import secrets
import ssl
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from voice.store.links_port import LinkKind
from voice.trials.hosts import Host, HostError, Radicale, StandIn
from voice.trials.trial import Table

_SOURCE = Path(__file__).parent.parent.parent
_FAKES = "tests/fakes"
_RADICALE = "tests/calendars/on_caldav/radicale_server.py"
_START_SECONDS = 60.0
_ACCOUNT = "telefonist"


@dataclass(frozen=True, slots=True)
class Hosted:
    """A host that runs, and what a site must set to be let in."""

    host: Host
    sections: Mapping[str, Table]
    environment: Mapping[str, str]


@asynccontextmanager
async def open_google(folder: Path) -> AsyncIterator[Hosted]:
    """Run the stand-in for Google, which leaves its key in the folder."""
    key = folder / "google.json"
    async with _running("-m", "tests.fakes.google", "--port=0", "--key", key) as told:
        address = told.partition(",")[0]
        sections = {"google": {"key": str(key), "address": address}}
        yield Hosted(StandIn(LinkKind.GOOGLE, _root(address)), sections, {})


@asynccontextmanager
async def open_outlook(folder: Path) -> AsyncIterator[Hosted]:
    """Run the stand-in for Graph and Entra, which leaves what lets us in there."""
    access, authority = folder / "entra.json", folder / "authority.pem"
    files = ("--access", access, "--authority", authority)
    async with _running("-m", "tests.fakes.graph", "--port=0", *files) as told:
        graph = told.partition(",")[0]
        own: dict[str, str] = json.loads(access.read_text("utf-8"))
        secret = own.pop("secret")
        trust = ssl.create_default_context(cafile=str(authority))
        sections = {"outlook": {**own, "sign_in": _root(graph), "graph": graph}}
        environment = {
            "TELEFONIST_OUTLOOK_SECRET": secret,
            "SSL_CERT_FILE": str(authority),
        }
        host = StandIn(LinkKind.OUTLOOK, _root(graph), trust)
        yield Hosted(host, sections, environment)


@asynccontextmanager
async def open_radicale(folder: Path) -> AsyncIterator[Hosted]:
    """Run a CalDAV server that keeps its calendars in the folder."""
    password = secrets.token_hex(8)
    (folder / "users").write_text(f"{_ACCOUNT}:{password}\n", "utf-8")
    async with _running(_RADICALE, folder) as port:
        shown = base64.b64encode(f"{_ACCOUNT}:{password}".encode()).decode()
        host = Radicale(f"http://127.0.0.1:{port}", _ACCOUNT, f"Basic {shown}")
        sections = {"caldav": {"user": _ACCOUNT}}
        yield Hosted(host, sections, {"TELEFONIST_CALDAV_PASSWORD": password})


@asynccontextmanager
async def _running(*command: str | Path) -> AsyncIterator[str]:
    """Run a program of the source, and give the line in which it says where it is."""
    if not (_SOURCE / _FAKES).is_dir():
        raise HostError(
            "The stand-ins for calendars are part of the source, not of an installed "
            "program: measure from a copy of the source, with `pip install -e "
            "'.[test]'`."
        )
    process = await asyncio.create_subprocess_exec(
        sys.executable, *map(str, command), cwd=_SOURCE, stdout=PIPE, stderr=DEVNULL
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_SECONDS):
            told = (await process.stdout.readline()).decode().strip()
        if not told:
            raise HostError(
                "The calendars to measure with do not start: `pip install -e "
                "'.[test]'` installs what they need."
            )
        yield told
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _root(address: str) -> str:
    split = urlsplit(address)
    return f"{split.scheme}://{split.netloc}"
