"""The directory server looked at again and again, by a process of its own each time.

Thousands of people are read and compared in some seconds, and no frame of sound may
wait for that.
"""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from voice.directory_measures import DirectoryMeasures
from voice.errors import VoiceError
from voice.ldap.settings import LdapSettings
from voice.leasing import Terms, Turns, lease
from voice.phone.port import Condition
from voice.store.leases_port import Leases

log = logging.getLogger(__name__)

_SYNCS = "readings of the directory server"
# Nobody is in a hurry to take over what is done every hour.
_TERMS = Terms(length=600.0, ours=420.0, renewed=120.0)
_LONGEST_SECONDS = 1200.0
# What the command complains with, and then says in a sentence.
_COMPLAINT = "telefonist: "
_BROKEN = "It broke: `telefonist extension sync` shows how."
_NOT_YET = Condition(True, "It has not been looked at yet.")
_ELSEWHERE = Condition(True, "Another program looks at it.")


class NotSyncedError(VoiceError):
    """The directory server was looked at in vain; the text says why."""


class StaffRounds:
    """Looks at the directory server every so often, in a house that has one."""

    def __init__(
        self,
        settings: LdapSettings,
        file: Path | None,
        measures: DirectoryMeasures,
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._file = settings, file
        self._measures, self._now = measures, now
        self.condition = _NOT_YET

    @property
    def is_set(self) -> bool:
        """Whether there is a server that is to be looked at."""
        return bool(self._settings.sync_minutes and self._file)

    async def run(self, leases: Leases) -> None:
        """Look, until cancelled; of all programs that share a store, one does it."""
        if self.is_set:
            self.condition = _ELSEWHERE
            await Turns(leases, lease(_SYNCS), _TERMS).run(self._rounds)

    async def _rounds(self) -> None:
        try:
            while True:
                await self.look()
                await asyncio.sleep(self._settings.sync_minutes * 60)
        finally:
            self.condition = _ELSEWHERE

    async def look(self) -> None:
        """Look once, and note what came of it."""
        assert self._file is not None
        try:
            people = await _synced(self._file)
        except NotSyncedError as error:
            self.condition = Condition(False, str(error))
            self._measures.failed(self._now())
            log.warning("the staff directory is as before: %s", error)
            return
        told = ", ".join(f"{count} {how}" for how, count in people.items())
        self.condition = Condition(True, f"It was looked at: {told}.")
        self._measures.synced(self._now(), people)
        log.info("the directory server was looked at: %s", told)


async def _synced(file: Path) -> Mapping[str, int]:
    """Have the command do it; NotSyncedError says why it has not."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "voice", "--settings", str(file)),
        *("extension", "sync", "--json", "--beside-service"),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        # It is ours to end: not by a key at the terminal.
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            told, complained = await process.communicate()
    except TimeoutError:
        minutes = f"{_LONGEST_SECONDS / 60:g} minutes"
        raise NotSyncedError(
            f"It was not done within {minutes}: try `telefonist extension sync`."
        ) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise NotSyncedError(_sentence(complained.decode(errors="replace")))
    return _people(told)


def _sentence(complained: str) -> str:
    """Return what the command was told to say; anything else may name people."""
    _, found, sentence = complained.rpartition(_COMPLAINT)
    return " ".join(sentence.split()) if found else _BROKEN


def _people(told: bytes) -> Mapping[str, int]:
    try:
        values = json.loads(told)
        left_out = {"left_out": len(values["left_out"])}
        ways = ("added", "changed", "removed", "same")
        return {how: int(values[how]) for how in ways} | left_out
    except (ValueError, LookupError, TypeError):
        raise NotSyncedError(_BROKEN) from None
