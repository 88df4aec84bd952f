"""What systemd is told, over a real socket such as it gives."""

import asyncio
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice.config import Supervisor, settings
from voice.supervision import LEAVING, READY, keep_telling, tell


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.setblocking(False)
        yield heard


async def next_from(heard: socket.socket) -> bytes:
    async with asyncio.timeout(20):
        return await asyncio.get_running_loop().sock_recv(heard, 100)


async def test_the_beginning_and_the_end_are_told(
    listening: socket.socket, tmp_path: Path
):
    listening.bind(str(tmp_path / "notify"))
    chosen = settings({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    for state in (READY, LEAVING):
        tell(chosen.supervisor, state)
        assert await next_from(listening) == state.encode()


async def test_an_abstract_address_is_told_too(listening: socket.socket):
    name = f"telefonist-test-{os.getpid()}"
    listening.bind(f"\0{name}")
    tell(Supervisor(f"@{name}"), READY)
    assert await next_from(listening) == b"READY=1"


async def test_a_supervisor_with_a_patience_hears_again_and_again(
    listening: socket.socket, tmp_path: Path
):
    listening.bind(str(tmp_path / "notify"))
    patient = Supervisor(str(tmp_path / "notify"), patience=0.01)
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(keep_telling(patient))
        for _ in range(3):
            assert await next_from(listening) == b"WATCHDOG=1"
        telling.cancel()


async def test_without_a_supervisor_nobody_is_told():
    tell(None, READY)
    await keep_telling(None)
    await keep_telling(Supervisor("/nowhere"))


def test_a_supervisor_that_is_gone_does_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING)
    tell(Supervisor(str(tmp_path / "gone")), READY)
    assert "the supervisor cannot be told: No such file" in caplog.text


@pytest.mark.parametrize(
    ("given", "patience"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_its_patience_is_read(given: dict[str, str], patience: float | None):
    chosen = settings({"NOTIFY_SOCKET": "/run/notify", **given})
    assert chosen.supervisor == Supervisor("/run/notify", patience)
    assert settings(given).supervisor is None
