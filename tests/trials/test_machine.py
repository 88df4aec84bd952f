"""What a process takes of the machine, and where it runs."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from voice.decoders import decoders
from voice.trials.machine import (
    MachineError,
    cores,
    cpu_seconds,
    kept_to,
    resident_mb,
    tree,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")

# A parent with a child; both wait until they may end.
FAMILY = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "print(1, flush=True); input()"])
child.wait()
"""


@pytest.fixture
def family() -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdin=pipe, stdout=pipe, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "1\n"
        yield parent
        parent.communicate("\n")


def test_a_tree_is_a_process_and_what_it_has_started(family):
    parent, child = tree(family.pid)
    assert parent == family.pid
    assert tree(child) == [child]


def test_a_tree_takes_what_all_of_it_takes(family):
    pids = tree(family.pid)
    apart = [resident_mb([pid]) for pid in pids]
    assert min(apart) > 1
    assert resident_mb(pids) == pytest.approx(sum(apart), rel=0.1)
    assert 0 < cpu_seconds(pids) < 60


def test_a_process_that_is_gone_tells_nothing():
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    with pytest.raises(MachineError, match="tells what a program takes"):
        resident_mb([done.pid])


def test_what_is_kept_to_a_core_is_let_go_again():
    before = cores()
    with kept_to(before[-1]):
        assert cores() == [before[-1]]
    assert cores() == before


def test_decoders_are_few_and_humbler_than_the_rest():
    with decoders() as threads:
        many = threads.map(
            lambda _: (
                threading.get_ident(),
                os.getpriority(os.PRIO_PROCESS, threading.get_native_id()),
            ),
            range(100),
        )
        told = list(many)
    assert len({thread for thread, _ in told}) <= len(cores()) + 1
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert {nice for _, nice in told} == {min(mine + 10, 19)}
