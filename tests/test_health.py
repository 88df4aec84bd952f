"""A supervisor asks how the house is, and is told which part is not well."""

import asyncio
import http.client
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from voice.config import HealthSettings
from voice.errors import VoiceError
from voice.health import Check, open_health
from voice.measures import Measures
from voice.phone.port import Condition
from voice.small_server import ListenError

ANY_PORT = HealthSettings("127.0.0.1:0")


async def is_well() -> Condition:
    return Condition(True, "all is well")


async def is_not() -> Condition:
    return Condition(False, "registration refused: check the password.")


async def fails() -> Condition:
    raise VoiceError("The store is gone: start it again.")


async def never_answers() -> Condition:
    await asyncio.Event().wait()
    raise AssertionError


def question(port: int, path: str, how: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(how, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


async def ask(port: int, path: str, how: str = "GET") -> tuple[int, str]:
    return await asyncio.to_thread(question, port, path, how)


@pytest.fixture
async def opened() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def opened_with(
    opened: AsyncExitStack, patience: float = 20.0, **checks: Check
) -> int:
    health = open_health(ANY_PORT, Measures(), checks, patience)
    return await opened.enter_async_context(health)


async def test_a_house_that_is_well_says_ok(opened: AsyncExitStack):
    port = await opened_with(opened, line=is_well, store=is_well)
    assert await ask(port, "/healthz") == (200, "ok\n")


async def test_each_part_that_is_not_well_has_a_line(opened: AsyncExitStack):
    port = await opened_with(opened, line=is_not, ear=is_well, store=fails)
    assert await ask(port, "/healthz") == (
        503,
        "line: registration refused: check the password.\n"
        "store: The store is gone: start it again.\n",
    )


async def test_a_part_that_never_answers_is_not_well(opened: AsyncExitStack):
    port = await opened_with(opened, 0.1, mouth=never_answers, ear=is_well)
    assert await ask(port, "/healthz") == (503, "mouth: no answer within 0.1 s.\n")


async def test_a_house_whose_loop_is_held_is_not_well(opened: AsyncExitStack):
    port = await opened_with(opened, 0.1, line=is_well)
    answers: list[tuple[int, str]] = []
    asking = threading.Thread(target=lambda: answers.append(question(port, "/healthz")))
    asking.start()
    # Nothing else on the loop can run until the answer is there.
    asking.join()
    assert answers == [(503, "house: it does not answer; restart the program.\n")]


async def test_metrics_are_given_as_prometheus_reads_them(opened: AsyncExitStack):
    measures = Measures()
    measures.call_began("spoken")
    port = await opened.enter_async_context(open_health(ANY_PORT, measures, {}))
    status, text = await ask(port, "/metrics")
    assert status == 200
    assert 'telefonist_calls{place="spoken"} 1.0' in text
    assert "process_resident_memory_bytes" in text


@pytest.mark.parametrize(
    ("how", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/healthz/../secret", 404),
        ("POST", "/healthz", 405),
        ("DELETE", "/metrics", 405),
    ],
)
async def test_nothing_else_is_answered(
    opened: AsyncExitStack, how: str, path: str, status: int
):
    port = await opened_with(opened)
    assert (await ask(port, path, how))[0] == status


async def test_a_peer_that_says_nothing_holds_up_nobody(opened: AsyncExitStack):
    port = await opened_with(opened, line=is_well)
    with socket.create_connection(("127.0.0.1", port)):
        assert await ask(port, "/healthz") == (200, "ok\n")


async def test_questions_at_once_are_all_answered(opened: AsyncExitStack):
    port = await opened_with(opened, line=is_well, store=is_not)
    answers = await asyncio.gather(*(ask(port, "/healthz") for _ in range(20)))
    assert {status for status, _ in answers} == {503}


async def test_a_port_that_is_taken_is_named_with_the_remedy():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = HealthSettings(f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ListenError, match=r"listen: 127.* choose another"):
            async with open_health(settings, Measures(), {}):
                raise AssertionError


async def test_the_port_is_free_again_at_the_end():
    async with open_health(ANY_PORT, Measures(), {}) as port:
        pass
    async with open_health(HealthSettings(f"127.0.0.1:{port}"), Measures(), {}) as same:
        assert same == port


async def test_it_can_be_asked_over_ipv6_where_there_is_any():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    async with open_health(HealthSettings("[::1]:0"), Measures(), {}) as port:
        with socket.create_connection(("::1", port)) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            answer = await asyncio.to_thread(connection.recv, 100)
    assert b" 200 OK" in answer
