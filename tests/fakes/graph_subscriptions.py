"""Subscriptions, which are validated, call back, and tell of their own end."""

import http.client
import json
import queue
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fakes.graph_answers import GraphRefusalError

_LONGEST = timedelta(minutes=10080)
_LONGEST_STATE = 128
# "The client must respond within 10 seconds", and so long do we wait for others.
_PATIENCE = 10.0
_TENANT = "f0e1d2c3-0000-4949-9494-000000000000"


@dataclass
class Subscription:
    """One promise to call."""

    id: str
    owner: str
    told: dict[str, Any]
    until: datetime


@dataclass(frozen=True)
class Call:
    """One call back: what was told of which subscription, and the answer's status."""

    subscription: str
    what: str
    status: int | None


class Subscriptions:
    """Every subscription, and a thread that calls."""

    def __init__(self) -> None:
        self.open: dict[str, Subscription] = {}
        self.calls: list[Call] = []
        self.called = threading.Condition()
        self._waiting: queue.SimpleQueue[tuple[str, str, dict[str, Any]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._call_all, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._waiting.put(None)
        self._thread.join(_PATIENCE)

    def create(self, owner: str, body: dict[str, Any]) -> dict[str, Any]:
        until = _until(body)
        if len(body.get("clientState") or "") > _LONGEST_STATE:
            raise _invalid("clientState must be at most 128 characters.")
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            if name in body:
                _validate(body[name])
        subscription = Subscription(secrets.token_hex(16), owner, body, until)
        self.open[subscription.id] = subscription
        return _shown(subscription)

    def renew(self, id_: str, body: dict[str, Any]) -> dict[str, Any]:
        subscription = self._of(id_)
        subscription.until = _until(body)
        return _shown(subscription)

    def end(self, id_: str) -> None:
        del self.open[self._of(id_).id]

    def changed(self, owner: str, how: str, event: str) -> None:
        """Call everybody who watches a calendar."""
        about = {"changeType": how, "resource": f"Users/{owner}/Events/{event}"}
        about["resourceData"] = {"@odata.type": "#Microsoft.Graph.Event", "id": event}
        for subscription in self._watching(owner):
            if how in subscription.told["changeType"].split(","):
                told = subscription.told["notificationUrl"]
                self._waiting.put((subscription.id, told, _said(subscription) | about))

    def lifecycle(self, owner: str, event: str) -> None:
        """Tell of what becomes of subscriptions: Graph's names of it."""
        for subscription in self._watching(owner):
            if event == "subscriptionRemoved":
                del self.open[subscription.id]
            told = subscription.told.get("lifecycleNotificationUrl")
            if told is not None:
                about = _said(subscription) | {"lifecycleEvent": event}
                self._waiting.put((subscription.id, told, about))

    def wait_for(self, count: int) -> list[Call]:
        """Return the calls, once there were so many."""
        with self.called:
            self.called.wait_for(lambda: len(self.calls) >= count, _PATIENCE)
        return list(self.calls)

    def _watching(self, owner: str) -> list[Subscription]:
        now = datetime.now(UTC)
        self.open = {key: each for key, each in self.open.items() if each.until > now}
        return [each for each in self.open.values() if each.owner == owner]

    def _of(self, id_: str) -> Subscription:
        if id_ not in self.open:
            raise GraphRefusalError(
                404, "ResourceNotFound", "The object was not found."
            )
        return self.open[id_]

    def _call_all(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            id_, address, about = waiting
            status, _ = _posted(
                address, json.dumps({"value": [about]}), "application/json"
            )
            what = about.get("lifecycleEvent") or about["changeType"]
            with self.called:
                self.calls.append(Call(id_, what, status))
                self.called.notify_all()


def _said(subscription: Subscription) -> dict[str, Any]:
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": _stamp(subscription.until),
        "clientState": subscription.told.get("clientState"),
        "tenantId": _TENANT,
    }


def _shown(subscription: Subscription) -> dict[str, Any]:
    # What it was made with does not come back with its secret.
    told = {
        key: value for key, value in subscription.told.items() if key != "clientState"
    }
    until = {"expirationDateTime": _stamp(subscription.until)}
    return told | {"id": subscription.id, "clientState": None} | until


def _until(body: dict[str, Any]) -> datetime:
    until = datetime.fromisoformat(body["expirationDateTime"])
    now = datetime.now(UTC)
    if not now < until <= now + _LONGEST:
        raise _invalid(
            "Subscription expiration can only be 10070 minutes in the future."
        )
    return until


def _validate(address: str) -> None:
    place = urlsplit(address)
    # Graph calls https alone; on this machine tests may do without.
    if place.scheme != "https" and place.hostname not in ("127.0.0.1", "localhost"):
        raise _invalid("Notification URL must be HTTPS.")
    token = (
        f"Validation: Testing client application reachability {secrets.token_hex(8)}"
    )
    sign = "&" if place.query else "?"
    query = urlencode({"validationToken": token})
    status, answered = _posted(f"{address}{sign}{query}", "", "text/plain")
    if status != 200 or answered != token:
        raise _invalid(
            "Subscription validation request failed. Notification endpoint must "
            "respond with 200 OK to validation request."
        )


def _posted(address: str, body: str, kind: str) -> tuple[int | None, str]:
    place = urlsplit(address)
    kinds = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}
    connection = kinds[place.scheme](place.netloc, timeout=_PATIENCE)
    try:
        path = f"{place.path or '/'}?{place.query}"
        connection.request("POST", path, body.encode(), {"Content-Type": kind})
        found = connection.getresponse()
        return found.status, found.read().decode()
    except (OSError, http.client.HTTPException):
        return None, ""
    finally:
        connection.close()


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"


def _invalid(message: str) -> GraphRefusalError:
    return GraphRefusalError(400, "ValidationError", message)
