"""The web beside the service: a process of its own, watched and started again."""

import asyncio
import contextlib
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

from voice.phone.port import Condition
from voice.phone.workers import workers

log = logging.getLogger(__name__)

_END_SECONDS = 8.0
# How soon a web that has ended is started again, each time it ends anew; one that has
# stood for a while begins from the first.
_AGAIN_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_STOOD_SECONDS = 60.0


class WebProcess:
    """The web seen from the service, which goes on without it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.condition = Condition(False, "The web is being started.")
        self.pid: int | None = None
        self._changed = asyncio.Event()

    async def changed(self) -> None:
        """Wait until the web's condition is another."""
        self._changed.clear()
        await self._changed.wait()

    async def keep(self) -> None:
        """Keep the web running, until cancelled."""
        loop = asyncio.get_running_loop()
        pauses = iter(_AGAIN_SECONDS)
        while True:
            began = loop.time()
            await self._run()
            if loop.time() - began > _STOOD_SECONDS:
                pauses = iter(_AGAIN_SECONDS)
            await asyncio.sleep(next(pauses, _AGAIN_SECONDS[-1]))

    async def _run(self) -> None:
        try:
            async with _running(self._file) as process:
                self.pid = process.pid
                assert process.stdout is not None
                # It says one line, when it answers; what is wrong it says by its log.
                if line := await process.stdout.readline():
                    self._become(True, line.decode(errors="replace").strip())
                await process.wait()
        except OSError as error:
            log.debug("web process: %s", error.strerror)
        self._become(False, "The web has ended and is started again.")

    def _become(self, ready: bool, detail: str) -> None:
        self.condition = Condition(ready, detail)
        log.log(logging.INFO if ready else logging.WARNING, "%s", detail)
        self._changed.set()


@contextlib.asynccontextmanager
async def _running(file: Path) -> AsyncIterator[Process]:
    """Start the web; end it in good order, or by force."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "voice", "web", "--settings", str(file)),
        "--with-service",
        # Whose end it sees when the service is no more, however that ended.
        stdin=PIPE,
        stdout=PIPE,
        # It is ours to end: not by a key at the terminal.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()


@contextlib.asynccontextmanager
async def open_web(file: Path) -> AsyncIterator[WebProcess]:
    """Keep the web of a settings file running until the end."""
    web = WebProcess(file)
    async with workers() as start:
        start(web.keep())
        yield web
