"""Hooks in hostile hands: what a receiver finds out, and what it keeps from others."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from hook_office import HOUR, Office, opened
from hook_receiver import PATIENCE, receiving
from web_house import ANNA, NOW

from voice.divert.model import Divert, Extension, Mode, ReasonCode, SetDivert, Source
from voice.language.catalog import Catalog
from voice.store.hooks_port import HookEvent, Position
from voice.store.port import Listing
from voice.web.hooks.calling import CallError, calling
from voice.web.hooks.happenings import Occurrence
from voice.web.hooks.letters import body, id_of

MANY = 40
BEGUN = HookEvent.DIVERT_BEGUN


def begun(reason: str) -> Occurrence:
    code = ReasonCode(reason)
    until, by = NOW + HOUR, Source.VOICE
    divert = Divert(ANNA, code, NOW, until, Mode.CLOSED, by, NOW)
    return Occurrence(BEGUN, divert, NOW, Position(1))


def test_a_letter_is_known_by_no_more_than_it_tells(catalog: Catalog):
    sick, child, meeting = map(begun, ("SJK", "VAB", "SAM"))
    assert body(sick, catalog) == body(child, catalog)
    assert id_of(sick, catalog) == id_of(child, catalog)
    assert id_of(sick, catalog) != id_of(meeting, catalog)


@contextmanager
def known_as(
    name: str, folder: Path, patch: pytest.MonkeyPatch
) -> Iterator[ssl.SSLContext]:
    """Give what a server of one name proves itself with, and let it be trusted."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(file)
    with patch.context() as patched:
        patched.setenv("SSL_CERT_FILE", str(file))
        yield context


async def test_each_name_proves_itself_also_where_another_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with known_as("127.0.0.1", tmp_path, monkeypatch) as context:
        async with receiving(context) as board, calling(()) as caller:
            await caller.call(f"https://127.0.0.1:{board.port}/", b"{}", {})
            with pytest.raises(CallError, match="certificate is not trusted"):
                await caller.call(f"https://localhost:{board.port}/", b"{}", {})
            assert len(board.letters) == 1


async def town(office: Office) -> None:
    """Let many phones be closed by themselves at one instant."""
    people = [Extension(str(number)) for number in range(2000, 2000 + MANY)]
    await office.store.directory.put(
        [Listing(each, "Bo Ek") for each in people], NOW, ""
    )
    lunch = ReasonCode("LUN")
    later = [SetDivert(each, lunch, NOW + 2 * HOUR, NOW + HOUR) for each in people]
    await office.obeys(*later)
    office.clock.goes(hours=1)


async def test_one_that_is_slow_keeps_no_other_waiting(catalog: Catalog):
    async with (
        opened("memory:", catalog) as office,
        receiving() as slow,
        receiving() as quick,
    ):
        first = await office.hooks(slow, BEGUN)
        await office.hooks(quick, BEGUN)
        await town(office)
        hooks = await office.store.hooks.list()
        slow.answering.clear()
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for hooked in sorted(hooks, key=lambda each: each.hook.id != first.id):
                group.create_task(office.teller.tell(hooked))
            await slow.wait(1)
            await quick.wait(MANY)
            slow.answering.set()
        assert len(slow.letters) == len(quick.letters) == MANY


async def test_one_that_refuses_is_not_sent_all_the_rest(catalog: Catalog):
    async with opened("memory:", catalog) as office, receiving() as board:
        await office.hooks(board, BEGUN)
        await town(office)
        board.answers = [b"500 No"] * MANY
        await office.tells()
        assert 0 < len(board.letters) < MANY
        board.answers.clear()
        board.letters.clear()
        await office.tells()
        assert len({letter.told["extension"] for letter in board.letters}) == MANY


async def test_a_name_that_is_not_answered_holds_up_no_other_work(
    monkeypatch: pytest.MonkeyPatch,
):
    answers, asked = threading.Event(), []
    real = socket.getaddrinfo

    def slow(host: str, *more: object, **named: object) -> object:
        if host != "langsam.example":
            return real(host, *more, **named)
        asked.append(host)
        answers.wait(PATIENCE)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with ThreadPoolExecutor(1) as only_one:
        asyncio.get_running_loop().set_default_executor(only_one)
        async with receiving() as board, calling((), 0.2) as caller:
            url = "https://langsam.example/"
            calls = [caller.call(url, b"{}", {}) for _ in range(3)]
            for each in await asyncio.gather(*calls, return_exceptions=True):
                assert isinstance(each, CallError)
            async with asyncio.timeout(PATIENCE / 2):
                assert await asyncio.to_thread(len, "ord") == 3
                await caller.call(board.url, b"{}", {})
            assert len(asked) == 1
            answers.set()
