"""A redirect server answers over UDP and over TCP, whatever else comes."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sip_requests import asked, header, status
from sipp import HERE, free_port

from voice.phone.port import LineError, Where
from voice.phone.redirect import Redirect, open_redirect
from voice.phone.settings import RedirectSettings

PATIENCE = 20.0
# One that is free for both UDP and TCP.
SETTINGS = RedirectSettings(listen=f"{HERE}:{free_port()}")


async def route(extension: str) -> Where:
    return Where.ANNOUNCE if extension == "1530" else Where.UNKNOWN


@pytest.fixture
async def redirect() -> AsyncIterator[Redirect]:
    async with open_redirect(SETTINGS, route) as opened:
        yield opened


async def by_udp(redirect: Redirect, *messages: bytes) -> str:
    """Send datagrams, and return the first answer."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.setblocking(False)
        own.bind(("127.0.0.1", 0))
        for message in messages:
            place = (redirect.place.host, redirect.place.port)
            await loop.sock_sendto(own, message, place)
        async with asyncio.timeout(PATIENCE):
            return (await loop.sock_recv(own, 65536)).decode()


def from_anywhere(**changes: str) -> bytes:
    """Ask to be answered at the port that is asked from (RFC 3581)."""
    return asked(branch="z9hG4bK-9;rport", **changes).encode()


async def test_it_answers_a_datagram(redirect):
    answer = await by_udp(redirect, from_anywhere())
    assert status(answer) == 302
    assert header(answer, "Contact") == ["<sip:1530@127.0.0.1:5062>"]


async def test_it_answers_after_nonsense(redirect):
    noise = [b"", b"\xff" * 60000, b"INVITE", b"\r\n\r\n"]
    assert status(await by_udp(redirect, *noise, from_anywhere())) == 302


async def test_a_datagram_is_answered_where_its_sender_says(redirect):
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.setblocking(False)
        own.bind(("127.0.0.1", 0))
        port = own.getsockname()[1]
        request = asked().replace("127.0.0.1:5999", f"127.0.0.1:{port}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(request.encode(), (redirect.place.host, redirect.place.port))
        async with asyncio.timeout(PATIENCE):
            assert status((await loop.sock_recv(own, 65536)).decode()) == 302


async def test_it_answers_many_on_one_connection_in_any_pieces(redirect):
    place = redirect.place
    reader, writer = await asyncio.open_connection(place.host, place.port)
    request = asked(more="l: 0").replace("Content-Length: 0\r\n", "").encode()
    body = asked(branch="z9hG4bK-2").replace("Length: 0", "Length: 4") + "v=0\n"
    for piece in (b"\r\n\r\n", request[:30], request[30:] + body.encode()):
        writer.write(piece)
        await writer.drain()
    async with asyncio.timeout(PATIENCE):
        answers = [await reader.readuntil(b"\r\n\r\n") for _ in range(2)]
    assert [status(answer.decode()) for answer in answers] == [302, 302]
    writer.close()


@pytest.mark.parametrize(
    "endless", [b"INVITE sip:" + b"1" * 70000, b"X\r\nl: 99999999\r\n\r\n"]
)
async def test_what_has_no_end_is_closed(redirect, endless):
    place = redirect.place
    reader, writer = await asyncio.open_connection(place.host, place.port)
    writer.write(endless)
    async with asyncio.timeout(PATIENCE):
        # What was not read when it was closed comes back as a reset.
        with suppress(ConnectionError):
            assert not await reader.read()
    writer.close()
    assert status(await by_udp(redirect, from_anywhere())) == 302


async def test_a_place_that_is_taken_says_which_setting_to_change(redirect):
    taken = RedirectSettings(listen=str(redirect.place))
    with pytest.raises(LineError, match=r"\[redirect\] listen a free address"):
        async with open_redirect(taken, route):
            pass


async def test_a_place_that_is_free_for_one_transport_only_is_not_enough():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(LineError, match="listen a free address"):
            async with open_redirect(RedirectSettings(listen=place), route):
                pass


async def test_it_says_where_it_is_asked(redirect):
    assert redirect.condition.ready
    assert redirect.condition.detail.endswith(f"at {redirect.place}.")
