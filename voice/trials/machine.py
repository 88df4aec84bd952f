"""What a process and those it has started take of the machine, as Linux tells it."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from voice.errors import VoiceError

_PROC = Path("/proc")


class MachineError(VoiceError):
    """The machine does not tell what is asked of it."""


def tree(pid: int) -> list[int]:
    """Return a process and all that come from it."""
    children: list[int] = []
    # A thread that has ended meanwhile has no children any more.
    for file in (_PROC / str(pid) / "task").glob("*/children"):
        with contextlib.suppress(OSError):
            children += map(int, file.read_text().split())
    return [pid, *(one for child in children for one in tree(child))]


def resident_mb(pids: list[int]) -> float:
    """Return the memory of some processes; what several share is counted once."""
    told = "".join(_told(pid, "smaps_rollup") for pid in pids)
    return sum(map(int, re.findall(r"^Pss: +(\d+) kB", told, re.MULTILINE))) / 1000


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time of some processes, and of their children that have ended."""
    ticks = 0
    for pid in pids:
        # proc(5): utime, stime, cutime and cstime, after a name that can hold anything.
        ticks += sum(map(int, _told(pid, "stat").rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _told(pid: int, file: str) -> str:
    try:
        return (_PROC / str(pid) / file).read_text()
    except OSError as error:
        raise MachineError(
            f"Linux alone tells what a program takes: {error}."
        ) from error


def cores() -> list[int]:
    """Return the cores that this process may use; none where nothing tells."""
    if not hasattr(os, "sched_setaffinity"):
        return []
    return sorted(os.sched_getaffinity(0))


def keep_to(core: int | None) -> None:
    """Keep this thread, and what it starts, to a core."""
    if core is not None:
        os.sched_setaffinity(0, {core})


@contextlib.contextmanager
def kept_to(core: int | None) -> Iterator[None]:
    """Keep this thread, and what it starts meanwhile, to a core."""
    before = cores()
    keep_to(core)
    try:
        yield
    finally:
        if before:
            os.sched_setaffinity(0, before)
