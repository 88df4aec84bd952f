"""An exchange that asks by SIP is told where a call goes, and always the same."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sip_requests import SOURCE, asked, header, status, told

from voice.phone.peers import Place
from voice.phone.port import LineError, Where
from voice.phone.redirect_answers import Redirecting
from voice.phone.settings import RedirectSettings
from voice.store.port import StoreError

DIVERTED, OPEN = "1530", "1630"


async def route(extension: str) -> Where:
    match extension:
        case "1530":
            return Where.ANNOUNCE
        case "1630" | "*23#":
            return Where.RING
        case "broken":
            raise StoreError("The store is away.")
        case _:
            return Where.UNKNOWN


@pytest.fixture
def redirecting() -> Redirecting:
    return Redirecting(RedirectSettings(), route)


async def test_a_diverted_extension_is_announced_here(redirecting):
    answer = await told(redirecting, asked())
    assert status(answer) == 302
    assert header(answer, "Contact") == ["<sip:1530@127.0.0.1:5062>"]
    assert header(answer, "Diversion") == [
        "<sip:1530@127.0.0.1:5060>;reason=unconditional"
    ]


async def test_an_open_extension_rings_where_nobody_asks_again(redirecting):
    answer = await told(redirecting, asked(to="sip:1630@127.0.0.1"))
    assert status(answer) == 302
    assert header(answer, "Contact") == ["<sip:91630@127.0.0.1:5060>"]
    assert header(answer, "Diversion") == []


async def test_an_unknown_extension_is_not_found(redirecting):
    assert status(await told(redirecting, asked(to="sip:1999@127.0.0.1"))) == 404
    assert status(await told(redirecting, asked(to="sip:127.0.0.1"))) == 404


async def test_a_phone_rings_when_nobody_knows_better(redirecting):
    answer = await told(redirecting, asked(to="sip:broken@127.0.0.1"))
    assert header(answer, "Contact") == ["<sip:9broken@127.0.0.1:5060>"]


async def test_a_number_that_rings_through_is_never_sent_round(redirecting, caplog):
    assert status(await told(redirecting, asked(to="sip:91630@127.0.0.1"))) == 482
    assert "rings without asking" in caplog.text
    assert "1630" not in caplog.text


async def test_signs_are_written_as_sip_writes_them(redirecting):
    answer = await told(redirecting, asked(to="sip:*23%23@127.0.0.1"))
    assert header(answer, "Contact") == ["<sip:9*23%23@127.0.0.1:5060>"]


@pytest.mark.parametrize(
    ("method", "code"),
    [("OPTIONS", 200), ("CANCEL", 200), ("REGISTER", 405), ("BYE", 405), ("X", 405)],
)
async def test_other_requests_have_an_answer(redirecting, method, code):
    assert status(await told(redirecting, asked(method))) == code


async def test_what_can_be_asked_is_told(redirecting):
    for method in ("OPTIONS", "REGISTER"):
        answer = await told(redirecting, asked(method))
        assert header(answer, "Allow") == ["INVITE, ACK, CANCEL, OPTIONS"]


async def test_an_ack_is_taken_without_a_word(redirecting):
    assert await told(redirecting, asked("ACK")) is None


async def test_a_call_that_was_never_begun_is_unknown(redirecting):
    request = asked().replace("To: <sip:1530@127.0.0.1:5064>", "To: <sip:1530@a>;tag=1")
    assert status(await told(redirecting, request)) == 481


async def test_an_answer_repeats_what_it_must(redirecting):
    answer = await told(redirecting, asked())
    assert header(answer, "Via") == [
        "SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bK-1;received=127.0.0.1",
        "SIP/2.0/TCP [fe80::1];branch=z9hG4bK-0",
    ]
    assert header(answer, "From") == ['"Åsa, 1" <sip:1234@127.0.0.1>;tag=abc']
    assert header(answer, "Call-ID") == ["a84b4c76e66710@127.0.0.1"]
    assert header(answer, "CSeq") == ["1 INVITE"]
    assert header(answer, "Content-Length") == ["0"]
    [to] = header(answer, "To")
    assert re.fullmatch(r"<sip:1530@127.0.0.1:5064>;tag=\w+", to)


async def test_a_name_that_is_no_utf8_comes_back_as_it_was(redirecting):
    request = asked().encode().replace("Å".encode(), b"\xc5")
    answered = await redirecting.answer(request, SOURCE)
    assert answered is not None
    assert b'From: "\xc5sa, 1" <sip:1234@127.0.0.1>;tag=abc\r\n' in answered[1]


async def test_who_asks_for_the_port_is_told_it(redirecting):
    answer = await told(redirecting, asked(branch="z9hG4bK-1;rport"))
    assert header(answer, "Via")[0].endswith(";rport=5060;received=127.0.0.1")


async def test_a_request_that_is_sent_again_is_answered_alike_though_a_divert_ended():
    places = iter([Where.ANNOUNCE, Where.RING])

    async def moving(extension: str) -> Where:
        return next(places)

    redirecting = Redirecting(RedirectSettings(), moving)
    first = await told(redirecting, asked())
    assert await told(redirecting, asked()) == first
    later = await told(redirecting, asked(branch="z9hG4bK-2"))
    assert header(later, "Contact") != header(first, "Contact")


async def test_while_an_answer_is_looked_for_none_is_given_twice():
    looked = asyncio.Event()

    async def slow(extension: str) -> Where:
        await looked.wait()
        return Where.RING

    redirecting = Redirecting(RedirectSettings(), slow)
    first = asyncio.create_task(told(redirecting, asked()))
    await asyncio.sleep(0)
    assert await told(redirecting, asked()) is None
    looked.set()
    assert status(await first) == 302


async def test_strangers_are_not_answered_and_told_of_once(redirecting, caplog):
    for _ in range(3):
        stranger = Place("192.0.2.1", 5060)
        assert await redirecting.answer(asked().encode(), stranger) is None
    assert caplog.text.count("[redirect] trusted") == 1


@pytest.mark.parametrize("lacks", ["From", "To", "CSeq"])
async def test_a_request_that_is_not_whole_is_bad(redirecting, lacks):
    lines = asked().split("\r\n")
    request = "\r\n".join(line for line in lines if not line.startswith(lacks))
    assert status(await told(redirecting, request)) == 400


async def test_a_request_that_says_two_things_is_bad(redirecting):
    request = asked().replace("CSeq: 1 INVITE", "CSeq: 1 BYE")
    assert status(await told(redirecting, request)) == 400


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"\x00\xff" * 100,
        b"INVITE sip:1@a SIP/2.0",
        b"INVITE sip:1@a HTTP/1.1\r\n\r\n",
        b"SIP/2.0 200 OK\r\n\r\n",
        asked().replace("Via: SIP/2.0/UDP", "Via: nonsense").encode(),
        asked().replace("Call-ID: a84b4c76e66710@127.0.0.1", "Call-ID:").encode(),
    ],
)
async def test_what_cannot_be_answered_is_ignored(redirecting, request_):
    assert await told(redirecting, request_) is None


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_nothing_that_comes_breaks_it(noise, begin, end):
    request = asked().encode()
    broken = request[:begin] + noise + request[end:]
    redirecting = Redirecting(RedirectSettings(), route)
    answered = asyncio.run(redirecting.answer(broken, SOURCE))
    if answered is not None:
        head, _, body = answered[1].partition(b"\r\n\r\n")
        assert body == b""
        assert head.startswith(b"SIP/2.0 ")
        assert b"\n" not in head.replace(b"\r\n", b"")


async def test_no_more_answers_are_remembered_than_can_be_asked_for(redirecting):
    for at in range(5000):
        await told(redirecting, asked("OPTIONS", branch=f"z9hG4bK-{at}"))
    assert status(await told(redirecting, asked())) == 302


def test_a_ring_through_without_the_extension_is_told_of():
    with pytest.raises(LineError, match=r"such as 9\{extension\}"):
        Redirecting(RedirectSettings(ring_through="9"), route)
