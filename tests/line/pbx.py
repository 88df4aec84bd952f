"""A real Asterisk, run with the example configuration and a few telephones more."""

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sipp import HERE, PATIENCE, free_port

NEEDED = [
    pytest.mark.line,
    pytest.mark.asterisk,
    pytest.mark.skipif(
        shutil.which("asterisk") is None,
        reason="asterisk is not here: Debian's unstable has it, apt install asterisk",
    ),
]
EXAMPLE = Path(__file__).parents[2] / ".readme" / "asterisk"
READY = "Asterisk has fully booted"

# Until it has begun, its console is not there to be asked.
_AGAIN_SECONDS = 0.2

_FOLDERS = {"etc": "", "run": "run", "log": "log", "db": "db", "spool": "spool"}
_CONFIG = "[directories]\n{folders}\n"
_RTP = "[general]\nrtpstart={first}\nrtpend={last}\n"
# Telephones of the test are told by their name, as they have one address.
_MORE_PJSIP = "[global]\ntype=global\nendpoint_identifier_order=username\n"


@dataclass(frozen=True, slots=True)
class Pbx:
    """An Asterisk that is on."""

    process: Process
    folder: Path
    sip: str

    async def order(self, command: str) -> str:
        """Give a command on its console, and return what it says."""
        config = self.folder / "asterisk.conf"
        asked = await asyncio.create_subprocess_exec(
            *("asterisk", "-C", str(config), "-rx", command), stdout=PIPE, stderr=PIPE
        )
        async with asyncio.timeout(PATIENCE):
            told, _ = await asked.communicate()
        return told.decode("utf-8", "replace")

    async def ready(self) -> None:
        """Wait until it takes calls."""
        async with asyncio.timeout(PATIENCE):
            while READY not in await self.order("core waitfullybooted"):
                assert self.process.returncode is None, "it has ended"
                await asyncio.sleep(_AGAIN_SECONDS)

    async def off(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def switched_on(
    folder: Path, changes: Mapping[str, str], more: Mapping[str, str]
) -> AsyncIterator[Pbx]:
    """Switch one on; `more` is added to the files of the example."""
    sip = f"{HERE}:{free_port()}"
    _write_down(folder, {"0.0.0.0:5060": sip, **changes}, more)
    process = await asyncio.create_subprocess_exec(
        *("asterisk", "-fn", "-C", str(folder / "asterisk.conf")),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    pbx = Pbx(process, folder, sip)
    try:
        await pbx.ready()
        yield pbx
    finally:
        await pbx.off()


def _write_down(
    folder: Path, changes: Mapping[str, str], more: Mapping[str, str]
) -> None:
    folder.mkdir(parents=True)
    places = {kind: folder / name for kind, name in _FOLDERS.items()}
    for place in places.values():
        place.mkdir(exist_ok=True)
    folders = "\n".join(f"ast{kind}dir => {place}" for kind, place in places.items())
    first = free_port(100)
    files = {
        "asterisk.conf": _CONFIG.format(folders=folders),
        "modules.conf": "[modules]\nautoload=yes\n",
        "logger.conf": "[general]\n[logfiles]\nfull => *\n",
        "rtp.conf": _RTP.format(first=first, last=first + 99),
    }
    for path in EXAMPLE.glob("*.conf"):
        text = path.read_text("utf-8")
        for example, change in changes.items():
            text = text.replace(example, change)
        files[path.name] = text
    files["pjsip.conf"] += _MORE_PJSIP
    for name, text in more.items():
        files[name] += text
    for name, text in files.items():
        (folder / name).write_text(text)
