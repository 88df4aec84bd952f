"""A stand-in for Google Calendar v3, over real HTTP: `python -m tests.fakes.google`.

Nothing of the kind can be had. It keeps several people's calendars with an own copy of
each meeting for every guest, series with exceptions, sync tokens that expire, pages,
etags, channels that call back, quotas, and a service account with delegation; and it
does what goes wrong in the world when it is asked to. Alone, it writes the service
account's key to a file and says where it listens; people and faults are then made by
POST, as `hands` tells.
"""

import argparse
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.fakes.google_answers import (
    Answer,
    RefusedError,
    answer,
    invalid,
    not_found,
    partly,
)
from tests.fakes.google_calendars import Calendar, Calendars, etag
from tests.fakes.google_channels import Channels
from tests.fakes.google_events import Event, check_id, when
from tests.fakes.google_faults import Fault, Faults, Way, spoilt
from tests.fakes.google_http import Asking, WebServer
from tests.fakes.google_listing import Lists
from tests.fakes.google_tokens import READS, WRITES, Tokens, key_file
from tests.fakes.hands import told
from tests.fakes.quotas import Quota

_ROOT = ("calendar", "v3")


class GoogleStandIn:
    """The stand-in: what its people do, what goes wrong, and what was asked."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.tokens = Tokens()
        self.lists = Lists()
        self.channels = Channels()
        self.faults = Faults()
        self.quota = Quota()
        self.calendars = Calendars(self.channels.changed)
        self.asked: list[Asking] = []
        self._guard = threading.RLock()
        self._server = WebServer(self._answer, host, port)

    @property
    def place(self) -> str:
        """Where it listens; what comes after `/calendar/v3/` is Google's own."""
        return self._server.place

    @property
    def endpoint(self) -> str:
        return f"{self.place}/calendar/v3/"

    @property
    def key(self) -> dict[str, str]:
        """The service account's key."""
        return key_file(self.place)

    def start(self) -> None:
        self.channels.start()
        self._server.start()

    def stop(self) -> None:
        self.faults.stop()
        self._server.stop()
        self.channels.stop()

    def person(self, owner: str) -> str:
        """Let somebody have a calendar."""
        with self._guard:
            self.calendars.add(owner)
            self.tokens.owners.add(owner)
        return owner

    def book(
        self,
        owner: str,
        subject: str,
        start: datetime | date,
        end: datetime | date,
        **more: Any,
    ) -> str:
        """Make a booking as its owner does, with more of Google's fields."""
        body = {"summary": subject, "start": when(start), "end": when(end)} | more
        if guests := body.pop("guests", ()):
            body["attendees"] = [
                {"email": guest, "responseStatus": "needsAction"} for guest in guests
            ]
        with self._guard:
            event_id: str = self.calendars.insert(owner, body)["id"]
        return event_id

    def edit(self, owner: str, event_id: str, **change: Any) -> None:
        """Change a booking, or one instance of a series, as its owner does."""
        for name in ("start", "end"):
            if isinstance(change.get(name), date):
                change[name] = when(change[name])
        with self._guard:
            self.calendars.patch(owner, event_id, change, None)

    def remove(self, owner: str, event_id: str) -> None:
        with self._guard:
            self.calendars.delete(owner, event_id, None)

    def respond(self, owner: str, event_id: str, response: str) -> None:
        """Answer an invitation: accepted, declined, tentative or needsAction."""
        with self._guard:
            self.calendars.respond(owner, event_id, response)

    def instances(self, owner: str, event_id: str) -> list[str]:
        """Return the ids of a series, in order of time."""
        with self._guard:
            found = self.calendars.of[owner].view(_EVER, single=True)
        return sorted(e for e in found if e.startswith(f"{event_id}_"))

    def events(self, owner: str) -> list[Event]:
        """Return what is there, as its owner sees it."""
        with self._guard:
            calendar = self.calendars.of[owner]
            found = calendar.view(_EVER, single=False).values()
            return [calendar.shown(event) for event in found]

    def expire_tokens(self, owner: str | None = None) -> None:
        """Let sync tokens be too old, everybody's or one person's."""
        with self._guard:
            self.lists.expire(owner)

    def revoke(self, owner: str) -> None:
        """Take our access to a calendar away; calls about it go on for a while."""
        self.tokens.revoked.add(owner)

    def restore(self, owner: str) -> None:
        self.tokens.revoked.discard(owner)

    def fail(self, **fault: Any) -> None:
        """Let something go wrong, see `Fault`."""
        with self._guard:
            self.faults.add(Fault(**fault))

    def _answer(self, asking: Asking) -> Answer | None:
        with self._guard:
            self.asked.append(asking)
            fault = self.faults.next(asking.method, asking.path, self._whose(asking))
        if fault is None:
            return self._right(asking)
        self.faults.wait(fault.delay)
        carried_out = fault.after or fault.way is Way.HALF
        right = self._right(asking) if carried_out else None
        return None if fault.way is Way.DROPPED else spoilt(fault, right)

    def _whose(self, asking: Asking) -> str | None:
        try:
            return self.tokens.owner(asking.headers.get("Authorization", ""), READS)
        except RefusedError:
            return None

    def _right(self, asking: Asking) -> Answer:
        try:
            with self._guard:
                return self._carried_out(asking)
        except RefusedError as refusal:
            return refusal.answer()

    def _carried_out(self, asking: Asking) -> Answer:
        match asking.method, asking.parts:
            case "POST", ("token",):
                return self.tokens.give(asking.form)
            case "POST", ("stand-in", what):
                return self._told(what, _body(asking))
        if asking.parts[:2] != _ROOT:
            raise not_found()
        writes = asking.method != "GET" and asking.parts[-1] not in ("watch", "stop")
        needed = WRITES if writes else READS
        owner = self.tokens.owner(asking.headers.get("Authorization", ""), needed)
        if not self.quota.allows(owner):
            raise RefusedError(403, "rateLimitExceeded", "Rate Limit Exceeded")
        match asking.method, asking.parts[2:]:
            case "POST", ("channels", "stop"):
                self.channels.end(owner, _body(asking))
                return Answer(204)
            case method, ("calendars", calendar, "events", *rest):
                if calendar not in ("primary", owner):
                    raise not_found()
                return self._events(method, self.calendars.of[owner], rest, asking)
        raise not_found()

    def _events(
        self, method: str, calendar: Calendar, rest: list[str], asking: Asking
    ) -> Answer:
        match method, rest:
            case "GET", []:
                found = self.lists.list(calendar, asking.query)
                return partly(found, asking.query, "Events")
            case "POST", ["watch"]:
                uri = f"https://www.googleapis.com{asking.path.removesuffix('/watch')}"
                told = self.channels.watch(
                    calendar.owner, _body(asking), f"{uri}?alt=json"
                )
                return partly(told, asking.query, "Channel")
            case "POST", []:
                body = _body(asking)
                check_id(body)
                event = self.calendars.insert(calendar.owner, body)
            case "GET", [event_id]:
                event = self.calendars.get(calendar.owner, event_id)
                if asking.headers.get("If-None-Match") == etag(event):
                    return Answer(304)
            case "PATCH", [event_id]:
                match_tag = asking.headers.get("If-Match")
                event = self.calendars.patch(
                    calendar.owner, event_id, _body(asking), match_tag
                )
            case "DELETE", [event_id]:
                match_tag = asking.headers.get("If-Match")
                self.calendars.delete(calendar.owner, event_id, match_tag)
                return Answer(204)
            case _:
                raise not_found()
        return partly(calendar.shown(event), asking.query, "Event")

    def _told(self, what: str, body: Event) -> Answer:
        done = told(self, what, body)
        if done is None:
            raise not_found()
        return answer(done)


_EVER = (
    datetime.fromisoformat("1970-01-01T00:00Z"),
    datetime.fromisoformat("9999-01-01T00:00Z"),
)


@contextmanager
def stand_in(host: str = "127.0.0.1", port: int = 0) -> Iterator[GoogleStandIn]:
    """Run a stand-in for as long as it is needed."""
    google = GoogleStandIn(host, port)
    google.start()
    try:
        yield google
    finally:
        google.stop()


def _body(asking: Asking) -> Event:
    try:
        body = json.loads(asking.body or b"{}")
    except ValueError:
        raise RefusedError(400, "parseError", "Parse Error") from None
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received.")
    return body


def main() -> None:
    """Stand in for Google until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--key", type=Path, default=Path("stand-in-key.json"))
    parser.add_argument("people", nargs="*", help="whose calendars there are")
    given = parser.parse_args()
    with stand_in(port=given.port) as google:
        for owner in given.people:
            google.person(owner)
        given.key.write_text(json.dumps(google.key), "utf-8")
        print(f"{google.endpoint}, with the key in {given.key}", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
