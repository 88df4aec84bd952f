"""A stand-in for Microsoft Graph's calendars: `python -m tests.fakes.graph`.

Nothing of the kind can be had. It keeps several people's mailboxes with an own copy of
each meeting for everybody invited, series with exceptions, deltas over a fixed window
with pages and links that expire, subscriptions that are validated, call back and end,
and the part of Entra that gives an application its token. It tells as little as the
real one does of what happens to series, and does what goes wrong when it is asked to.
Alone, it says where it listens; people, bookings and faults are then made by POST, as
`hands` tells.
"""

import argparse
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fakes.authority import vouched
from tests.fakes.google_answers import Answer
from tests.fakes.google_faults import Fault, Faults, Way, spoilt
from tests.fakes.google_http import Asking, WebServer
from tests.fakes.graph_answers import GraphRefusalError, answer, no_segment
from tests.fakes.graph_asking import body, expanded, listed, selected, size, window
from tests.fakes.graph_delta import Deltas
from tests.fakes.graph_entra import CLIENT, SECRET, TENANT, Entra
from tests.fakes.graph_items import Json, write_time
from tests.fakes.graph_mailboxes import Mailbox, Mailboxes
from tests.fakes.graph_subscriptions import Subscriptions
from tests.fakes.hands import told
from tests.fakes.quotas import Quota


class GraphStandIn:
    """The stand-in: what its people do, what goes wrong, and what was asked."""

    def __init__(self, port: int = 0, trusted: ssl.SSLContext | None = None) -> None:
        self.entra = Entra()
        self.deltas = Deltas()
        self.subscriptions = Subscriptions()
        self.faults = Faults()
        self.quota = Quota()
        self.mailboxes = Mailboxes(self.subscriptions.changed)
        self.asked: list[Asking] = []
        self.sent: list[bytes] = []
        """Every body that was answered."""
        self.revoked: set[str] = set()
        self._guard = threading.RLock()
        self._server = WebServer(self._answer, "127.0.0.1", port)
        self._scheme = "http"
        if trusted is not None:
            self._scheme = "https"
            self._server.socket = trusted.wrap_socket(
                self._server.socket, server_side=True
            )

    @property
    def place(self) -> str:
        """Where it listens."""
        return self._server.place.replace("http", self._scheme, 1)

    @property
    def base(self) -> str:
        return f"{self.place}/v1.0"

    def start(self) -> None:
        self.subscriptions.start()
        self._server.start()

    def stop(self) -> None:
        self.faults.stop()
        self._server.stop()
        self.subscriptions.stop()

    def person(self, owner: str) -> str:
        """Let somebody have a mailbox."""
        with self._guard:
            self.mailboxes.add(owner)
        return owner

    def book(
        self, owner: str, subject: str, start: datetime, end: datetime, **more: Any
    ) -> str:
        """Make a booking as its owner does, with more of Graph's properties."""
        body = {"subject": subject, "start": write_time(start), "end": write_time(end)}
        guests = [
            {"emailAddress": {"address": each}} for each in more.pop("guests", ())
        ]
        with self._guard:
            return self.mailboxes.create(owner, body | {"attendees": guests} | more).id

    def edit(self, owner: str, id_: str, **change: Any) -> None:
        """Change a booking, or one day of a series, as its owner does."""
        for name in ("start", "end"):
            if isinstance(change.get(name), datetime):
                change[name] = write_time(change[name])
        with self._guard:
            self.mailboxes.update(owner, id_, change)

    def remove(self, owner: str, id_: str) -> None:
        with self._guard:
            self.mailboxes.delete(owner, id_)

    def respond(self, owner: str, id_: str, response: str) -> None:
        with self._guard:
            self.mailboxes.respond(owner, id_, response)

    def rows(self, owner: str) -> list[Json]:
        """Return every booking as its owner sees it, series as one."""
        with self._guard:
            return [item.row() for item in self.mailboxes.of[owner].items.values()]

    def days(self, owner: str, id_: str) -> list[str]:
        """Return the ids of a series' days, in order of time."""
        with self._guard:
            item, _ = self.mailboxes.of[owner].find(id_)
            return [row["id"] for row in item.rows(*_EVER)]

    def fail(self, **fault: Any) -> None:
        """Let something go wrong, see `Fault`."""
        with self._guard:
            self.faults.add(Fault(**fault))

    def _answer(self, asking: Asking) -> Answer | None:
        found = self._answered(asking)
        if found is not None:
            self.sent.append(found.body)
        return found

    def _answered(self, asking: Asking) -> Answer | None:
        with self._guard:
            self.asked.append(asking)
            owner = asking.parts[2] if asking.parts[1:2] == ("users",) else None
            fault = self.faults.next(asking.method, asking.path, owner)
        if fault is None:
            return self._right(asking)
        self.faults.wait(fault.delay)
        carried_out = fault.after or fault.way is Way.HALF
        right = self._right(asking) if carried_out else None
        match fault.way:
            case Way.DROPPED:
                return None
            case Way.REFUSED:
                said = GraphRefusalError(
                    fault.status, fault.reason, fault.message
                ).answer()
                headers = said.headers | dict(fault.headers)
                return Answer(said.status, said.body, headers)
            case _:
                return spoilt(fault, right)

    def _right(self, asking: Asking) -> Answer:
        try:
            with self._guard:
                return self._carried_out(asking)
        except GraphRefusalError as refusal:
            return refusal.answer()

    def _carried_out(self, asking: Asking) -> Answer:
        match asking.method, asking.parts:
            case "GET", (tenant, "v2.0", ".well-known", "openid-configuration"):
                return self.entra.discovery(self.place, tenant)
            case "POST", (_, "oauth2", "v2.0", "token"):
                return self.entra.token(asking, self.place)
            case "POST", ("stand-in", what):
                return self._told(what, body(asking))
        self.entra.check(asking.headers.get("Authorization", ""))
        match asking.method, asking.parts:
            case method, ("v1.0", "subscriptions", *rest):
                return self._subscriptions(method, rest, body(asking))
            case method, ("v1.0", "users", owner, *rest):
                return self._mailbox(method, self._box(owner), rest, asking)
        raise no_segment()

    def _box(self, owner: str) -> Mailbox:
        if owner in self.revoked:
            raise GraphRefusalError(
                403, "ErrorAccessDenied", f"Access to {owner} is denied."
            )
        if owner not in self.mailboxes.of:
            raise GraphRefusalError(
                404, "ErrorInvalidUser", f"The user '{owner}' is invalid."
            )
        if not self.quota.allows(owner):
            raise GraphRefusalError(
                429, "ApplicationThrottled", "Application is over its limit."
            )
        return self.mailboxes.of[owner]

    def _mailbox(
        self, method: str, box: Mailbox, rest: list[str], asking: Asking
    ) -> Answer:
        match method, rest:
            case "GET", ["calendarView", "delta"]:
                return self._delta(box, asking)
            case "GET", ["events"]:
                found = box.with_property(asking.query["$filter"])
                rows = [expanded(item, asking) for item in found]
                return listed(rows, asking, self.place)
            case "GET", ["calendarView"]:
                return listed(list(box.view(*window(asking))), asking, self.place)
            case "POST", ["events"]:
                made = self.mailboxes.create(box.owner, body(asking))
                return answer(made.row(), 201)
            case "GET", ["events", id_, "instances"]:
                item, _ = box.find(id_)
                return listed(list(item.rows(*window(asking))), asking, self.place)
            case "GET", ["events", id_]:
                item, day = box.find(id_)
                row = expanded(item, asking) if day is None else item.instance(day)
                return answer(selected(row, asking))
            case "PATCH", ["events", id_]:
                return answer(self.mailboxes.update(box.owner, id_, body(asking)))
            case "DELETE", ["events", id_]:
                self.mailboxes.delete(box.owner, id_)
                return Answer(204)
        raise no_segment()

    def _delta(self, box: Mailbox, asking: Asking) -> Answer:
        query = asking.query
        token = query.get("$skiptoken") or query.get("$deltatoken")
        if unsupported := query.keys() & {"$expand", "$filter", "$orderby", "$search"}:
            raise GraphRefusalError(400, "ErrorInvalidUrlQuery", f"{unsupported}")
        if token is None:
            select = query.get("$select", "")
            token = self.deltas.begin(box, window(asking), select)
        rows, token, ended = self.deltas.page(box, token, size(asking))
        place = f"{self.place}{asking.path}"
        on = f"{place}?${'deltatoken' if ended else 'skiptoken'}={token}"
        link = "@odata.deltaLink" if ended else "@odata.nextLink"
        return answer({"value": rows, link: on})

    def _subscriptions(self, method: str, rest: list[str], body: Json) -> Answer:
        match method, rest:
            case "POST", []:
                owner = body["resource"].strip("/").split("/")[1]
                self._box(owner)
                return answer(self.subscriptions.create(owner, body), 201)
            case "PATCH", [id_]:
                return answer(self.subscriptions.renew(id_, body))
            case "DELETE", [id_]:
                self.subscriptions.end(id_)
                return Answer(204)
        raise no_segment()

    def _told(self, what: str, about: Json) -> Answer:
        done = told(self, what, about)
        if done is None:
            raise no_segment()
        return answer(done)


_EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@contextmanager
def stand_in(
    port: int = 0, trusted: ssl.SSLContext | None = None
) -> Iterator[GraphStandIn]:
    """Run a stand-in for as long as it is needed."""
    graph = GraphStandIn(port, trusted)
    graph.start()
    try:
        yield graph
    finally:
        graph.stop()


def main() -> None:
    """Stand in for Graph until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--access", type=Path, help="a file for the application's own")
    parser.add_argument("--authority", type=Path, help="a file for who vouches for us")
    parser.add_argument("people", nargs="*", help="whose mailboxes there are")
    given = parser.parse_args()
    with stand_in(given.port, given.authority and vouched(given.authority)) as graph:
        for owner in given.people:
            graph.person(owner)
        if given.access is not None:
            own = {"tenant": TENANT, "client": CLIENT, "secret": SECRET}
            given.access.write_text(json.dumps(own), "utf-8")
        print(f"{graph.base}, with the token {graph.entra.new()}", flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
