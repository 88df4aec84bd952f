"""The stand-in's channels call back as Google's do, with nothing but headers."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import pytest
from google_library import refused
from google_samples import ANNA, BERIT, HOUR

from voice.calendars.google_notices import Notice, notice
from voice.calendars.port import BrokenAnswerError

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


class _Called(BaseHTTPRequestHandler):
    """Keeps what a channel tells."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.server.told.put((dict(self.headers), self.rfile.read(length)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture
def listener():
    server = HTTPServer(("127.0.0.1", 0), _Called)
    server.told = Queue()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_a_channel_calls_with_headers_alone(google, service, listener):
    body = {"id": "channel-1", "type": "web_hook", "token": "t"}
    body["address"] = f"http://127.0.0.1:{listener.server_port}/push"
    until = datetime.now(UTC) + timedelta(hours=1)
    body["expiration"] = str(int(until.timestamp() * 1000))
    watched = service().watch(calendarId="primary", body=body).execute()
    google.book(ANNA, "m", MONDAY, MONDAY + HOUR)
    google.book(BERIT, "m", MONDAY, MONDAY + HOUR)
    for number, state in enumerate(("sync", "exists"), 1):
        headers, told = listener.told.get(timeout=10)
        assert told == b""
        assert headers["X-Goog-Resource-State"] == state
        assert headers["X-Goog-Channel-ID"] == "channel-1"
        assert headers["X-Goog-Channel-Token"] == "t"
        assert headers["X-Goog-Resource-ID"] == watched["resourceId"]
        assert headers["X-Goog-Message-Number"] == str(number)
        assert headers["X-Goog-Channel-Expiration"].endswith("GMT")
    again = service().watch(calendarId="primary", body=body)
    assert refused(again) == (400, "channelIdNotUnique")


def test_a_channel_that_has_ended_calls_no_more(google, service, listener):
    body = {"id": "channel-1", "type": "web_hook"}
    body["address"] = f"http://127.0.0.1:{listener.server_port}/push"
    service().watch(calendarId="primary", body=body).execute()
    assert listener.told.get(timeout=10)[0]["X-Goog-Resource-State"] == "sync"
    google.channels.open["channel-1"].until = datetime.now(UTC)
    google.book(ANNA, "m", MONDAY, MONDAY + HOUR)
    service().watch(calendarId="primary", body=body | {"id": "channel-2"}).execute()
    assert listener.told.get(timeout=10)[0]["X-Goog-Channel-ID"] == "channel-2"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"address": "http://telefonist.example/"}, (400, "push.webhookUrlNotHttps")),
        ({"id": "x" * 65}, (400, "invalid")),
        ({"token": "x" * 257}, (400, "invalid")),
        ({"expiration": "1000"}, (400, "invalid")),
        ({"type": "email"}, (400, "invalid")),
    ],
)
def test_what_is_no_channel_is_refused(service, change, why):
    body = {"id": "c", "type": "web_hook", "address": "https://telefonist.example/"}
    watch = service().watch(calendarId="primary", body=body | change)
    assert refused(watch) == why


async def test_a_call_is_known_by_what_its_watch_was_asked_for_with(
    google, google_calendar, listener
):
    address = f"http://127.0.0.1:{listener.server_port}/push"
    until = datetime.now(UTC) + HOUR
    watch = await google_calendar.watch(address, "token", until)
    google.book(ANNA, "m", MONDAY, MONDAY + HOUR)
    google.revoke(ANNA)
    # Calls go on for a while after access was taken away.
    google.book(ANNA, "m", MONDAY, MONDAY + HOUR)
    for begins in (True, False, False):
        told = notice(listener.told.get(timeout=10)[0])
        assert told == Notice(watch.id, watch.resource, "token", begins)
        assert "token=" not in repr(told)


@pytest.mark.parametrize("lacks", ["Channel-ID", "Resource-ID", "Resource-State"])
def test_a_call_that_is_none_of_googles_is_told_apart(lacks):
    names = ("Channel-ID", "Resource-ID", "Resource-State")
    headers = {f"X-Goog-{name}": "exists" for name in names if name != lacks}
    with pytest.raises(BrokenAnswerError, match="not Google"):
        notice(headers)
