"""sipp, Debian's generator of calls, run with a scene."""

import asyncio
import re
import socket
import subprocess
from asyncio.subprocess import DEVNULL, Process
from dataclasses import dataclass
from pathlib import Path

HERE = "127.0.0.1"
PATIENCE = 40


def free_port(several: int = 1) -> int:
    """Return a port of this machine that nobody has, the first of several."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((HERE, 0))
            port: int = probe.getsockname()[1]
        if all(_is_free(port + more) for more in range(several)):
            return port


def certificate(path: Path) -> Path:
    """Make a certificate for this machine, signed by itself, with its key."""
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    key, paper = path.with_suffix(".key"), path.with_suffix(".crt")
    names = ("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", paper)
    subprocess.run([*make.split(), *names], check=True, capture_output=True)
    path.write_bytes(key.read_bytes() + paper.read_bytes())
    return path


def _is_free(port: int) -> bool:
    try:
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            with socket.socket(socket.AF_INET, kind) as probe:
                probe.bind((HERE, port))
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Scene:
    """A sipp that plays a scene."""

    process: Process
    folder: Path

    async def went_well(self) -> bool:
        """Wait for the end; whether everything came as the scene has it."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait() == 0

    @property
    def log(self) -> str:
        """What the scene has written down."""
        path = self.folder / "log"
        return path.read_text().strip() if path.exists() else ""

    @property
    def faults(self) -> str:
        path = self.folder / "faults"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def our_sound(self) -> int:
        """The port where our sound is taken, as we told the scene."""
        (port,) = re.findall(
            r"SIP/2.0 200 .*?m=audio (\d+)",
            (self.folder / "messages").read_text(errors="replace"),
            re.DOTALL,
        )
        return int(port)

    def stop(self) -> None:
        if self.process.returncode is None:
            self.process.kill()


async def play(
    folder: Path,
    scene: str,
    to: str | int,
    service: str = "4949",
    options: tuple[str, ...] = (),
) -> Scene:
    """Start a scene that calls, or one that waits to be called at a port of ours."""
    _write_down(folder, scene)
    command = (
        *("sipp", *([to] if isinstance(to, str) else [])),
        *("-sf", folder / "scene.xml", "-s", service, "-m", "1"),
        *(
            "-i",
            HERE,
            "-p",
            str(to if isinstance(to, int) else free_port()),
            "-mp",
            str(free_port(4)),
            "-nostdin",
        ),
        *("-trace_err", "-error_file", folder / "faults"),
        *("-trace_logs", "-log_file", folder / "log"),
        *("-timeout", str(PATIENCE), "-timeout_error", *options),
    )
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, cwd=folder
    )
    return Scene(process, folder)


def _write_down(folder: Path, scene: str) -> None:
    folder.mkdir(parents=True)
    (folder / "scene.xml").write_text(scene)
