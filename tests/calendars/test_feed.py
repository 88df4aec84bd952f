"""A feed over real HTTP on this machine: what servers do, well and badly."""

import asyncio
import logging
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from calendar_samples import REASONS
from ics_texts import calendar, event
from server_certificate import expired

from voice.calendars.feed import Feed, retry_after
from voice.calendars.ics import IcsCalendar
from voice.calendars.ics_fields import Reader
from voice.calendars.port import (
    AccessDeniedError,
    BrokenAnswerError,
    BusyError,
    Window,
)

MARCH = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
READER = Reader(REASONS)
SECRET = "secret-7f3a"
BODY = calendar(event("20260305T090000Z", "20260305T100000Z", f"SUMMARY:SAM: {SECRET}"))


class Served:
    """A server that answers one question after the other with what it is given."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.port = 0

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/{SECRET}.ics"

    async def answer(self, reader, writer):
        try:
            question = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(question.decode())
            writer.write(self.answers.pop(0))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(*answers, tls=None):
    served = Served(*answers)
    server = await asyncio.start_server(served.answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        served.port = server.sockets[0].getsockname()[1]
        yield served


def answer(status="200 OK", body="", *headers, length=None):
    data = body.encode() if isinstance(body, str) else body
    told = len(data) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {told}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + data


async def read(served, since=None):
    feed = IcsCalendar(served.address, READER)
    try:
        return await feed.read(MARCH, since)
    finally:
        await feed.close()


async def test_a_feed_is_read_and_asked_for_only_when_it_has_changed():
    tagged = ('ETag: "v1"', "Last-Modified: Thu, 05 Mar 2026 09:00:00 GMT")
    answers = (answer("200 OK", BODY, *tagged), answer("304 Not Modified"))
    async with serving(*answers, answer("200 OK", calendar())) as served:
        first = await read(served)
        second = await read(served, first.cursor)
        third = await read(served, second.cursor)
    assert (len(first.entries), first.whole) == (1, True)
    assert (second.entries, second.whole, second.cursor) == ((), False, first.cursor)
    assert (third.entries, third.whole) == ((), True)
    assert "If-None-Match" not in served.asked[0]
    assert 'if-none-match: "v1"' in served.asked[1].lower()
    assert "if-modified-since: thu, 05 mar 2026" in served.asked[1].lower()


async def test_a_server_without_tags_is_believed_by_what_it_sends():
    async with serving(*[answer("200 OK", BODY)] * 2) as served:
        first = await read(served)
        second = await read(served, first.cursor)
    assert (second.entries, second.gone, second.whole) == ((), (), False)


async def test_a_few_redirects_are_followed():
    moved = answer("302 Found", "", "Location: /other.ics")
    async with serving(moved, moved, answer("200 OK", BODY)) as served:
        assert len((await read(served)).entries) == 1
    assert served.asked[2].startswith("GET /other.ics ")


@pytest.mark.parametrize(
    ("answers", "kind", "words"),
    [
        ([answer("302 Found", "", "Location: /a")] * 9, BrokenAnswerError, "for ever"),
        (
            [answer("302 Found", "", "Location: ftp://example.se/a")],
            BrokenAnswerError,
            "not encrypted",
        ),
        ([answer("401 Unauthorized", SECRET)], AccessDeniedError, "HTTP 401"),
        ([answer("404 Not Found", SECRET)], AccessDeniedError, "HTTP 404"),
        ([answer("410 Gone")], AccessDeniedError, "HTTP 410"),
        ([answer("418 Teapot", SECRET)], BrokenAnswerError, "HTTP 418"),
        ([answer("429 Slow", SECRET)], BusyError, "HTTP 429"),
        ([answer("503 Later")], BusyError, "HTTP 503"),
        ([answer("200 OK", BODY[:-30])], BrokenAnswerError, "no calendar"),
        ([answer("200 OK", BODY[:99], length=999)], BusyError, "does not answer"),
        ([answer("200 OK", f"<html>{SECRET}")], BrokenAnswerError, "no calendar"),
        ([answer("200 OK", "")], BrokenAnswerError, "no calendar"),
        ([b""], BusyError, "does not answer"),
        ([f"{SECRET}\r\n\r\n".encode()], BusyError, "does not answer"),
        (
            [answer("200 OK", SECRET, "Content-Encoding: gzip")],
            BrokenAnswerError,
            "nonsense",
        ),
    ],
)
async def test_what_a_server_does_badly_is_told(caplog, answers, kind, words):
    caplog.set_level(logging.DEBUG)
    async with serving(*answers) as served:
        with pytest.raises(kind, match=words) as raised:
            await read(served)
    # Neither the feed's address, which is all that one needs to read it, nor its text.
    assert SECRET not in f"{raised.value!r}{raised.value.__context__!r}"
    assert SECRET not in caplog.text


async def test_a_server_that_is_not_there_is_tried_again():
    async with serving() as served:
        pass
    with pytest.raises(BusyError, match="cannot be reached"):
        await read(served)


async def test_a_feed_that_is_too_large_is_not_read_to_its_end():
    body = b"x" * 200_000
    async with serving(answer("200 OK", body)) as served:
        feed = Feed(served.address, 100_000)
        with pytest.raises(BrokenAnswerError, match="larger than"):
            await feed.fetch({})
        await feed.close()


async def test_a_server_says_how_long_to_wait():
    busy = answer("429 Slow", "", "Retry-After: 17")
    async with serving(busy) as served:
        with pytest.raises(BusyError) as raised:
            await read(served)
    assert raised.value.retry_after == 17


async def test_an_expired_certificate_is_told(tmp_path):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(expired(tmp_path))
    async with serving(tls=tls) as served:
        feed = Feed(served.address.replace("http:", "https:"), 1000)
        with pytest.raises(BrokenAnswerError, match="certificate.*renew"):
            await feed.fetch({})
        await feed.close()


@pytest.mark.parametrize(
    "address", ["http://example.se/a.ics", "ftp://example.se/a", "https:///a", "mail:x"]
)
def test_an_address_that_is_no_safe_feed_is_refused(address):
    with pytest.raises(AccessDeniedError, match="https://"):
        IcsCalendar(address, READER)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("120", 120),
        ("-1", None),
        ("soon", None),
        ("Thu, 05 Mar 2026 09:00:30 GMT", 30),
        ("Thu, 05 Mar 2026 08:00:00 GMT", 0),
    ],
)
def test_a_wait_is_read_as_seconds_or_a_date(text, seconds):
    assert retry_after(text, datetime(2026, 3, 5, 9, tzinfo=UTC)) == seconds
