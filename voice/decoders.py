"""Threads that decode what callers say, humbler than those that carry sound."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import get_native_id

_HUMBLER, _HUMBLEST = 10, 19


def decoders() -> ThreadPoolExecutor:
    """Make the threads for all calls of a house: no more than can be of use.

    With more, all would be late together, and prompts would have gaps.
    """
    return ThreadPoolExecutor(_cores() + 1, "decoder", _be_humble)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _be_humble() -> None:
    # To Linux, a thread has a niceness of its own; elsewhere it has its process's.
    if sys.platform == "linux":
        thread = get_native_id()
        with suppress(OSError):
            nice = os.getpriority(os.PRIO_PROCESS, thread) + _HUMBLER
            os.setpriority(os.PRIO_PROCESS, thread, min(nice, _HUMBLEST))
