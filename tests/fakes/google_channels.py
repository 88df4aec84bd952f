"""Watch channels that call back, with nothing but headers, as Google's do."""

import http.client
import queue
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.google_answers import RefusedError, invalid, not_found

_LASTS = timedelta(days=7)
_LONGEST_ID, _LONGEST_TOKEN = 64, 256
_PATIENCE = 10.0


@dataclass
class Channel:
    """One promise to call."""

    id: str
    owner: str
    resource: str
    uri: str
    address: str
    token: str | None
    until: datetime
    sent: int = 0


@dataclass(frozen=True)
class Call:
    """One call back: what was told, and the status of the answer, if one came."""

    channel: str
    state: str
    status: int | None


class Channels:
    """Every channel, and a thread that calls."""

    def __init__(self) -> None:
        self.open: dict[str, Channel] = {}
        self.calls: list[Call] = []
        self._resources: dict[str, str] = {}
        self._waiting: queue.SimpleQueue[tuple[Channel, str] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._call_all, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._waiting.put(None)
        self._thread.join(_PATIENCE)

    def watch(self, owner: str, body: dict[str, Any], uri: str) -> dict[str, Any]:
        _check(body)
        if body["id"] in self.open:
            raise RefusedError(400, "channelIdNotUnique", "Channel id not unique")
        now = datetime.now(UTC)
        until = now + _LASTS
        if body.get("expiration"):
            until = datetime.fromtimestamp(int(body["expiration"]) / 1000, UTC)
        if until <= now:
            raise invalid("Channel expiration is in the past.")
        resource = self._resources.setdefault(owner, secrets.token_urlsafe(20))
        channel = Channel(
            id=body["id"],
            owner=owner,
            resource=resource,
            uri=uri,
            address=body["address"],
            token=body.get("token"),
            until=until,
        )
        self.open[channel.id] = channel
        self._waiting.put((channel, "sync"))
        told = {"kind": "api#channel", "id": channel.id, "resourceId": resource}
        told |= {"resourceUri": uri, "expiration": str(int(until.timestamp() * 1000))}
        return told | ({"token": channel.token} if channel.token else {})

    def end(self, owner: str, body: dict[str, Any]) -> None:
        channel = self.open.get(str(body.get("id")))
        owned = channel is not None and channel.owner == owner
        if channel is None or not owned or channel.resource != body.get("resourceId"):
            raise not_found()
        del self.open[channel.id]

    def changed(self, owner: str, state: str = "exists") -> None:
        """Call everybody who watches a calendar."""
        now = datetime.now(UTC)
        for channel in list(self.open.values()):
            if channel.until <= now:
                del self.open[channel.id]
            elif channel.owner == owner:
                self._waiting.put((channel, state))

    def _call_all(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            channel, state = waiting
            channel.sent += 1
            self.calls.append(Call(channel.id, state, _called(channel, state)))


def _check(body: dict[str, Any]) -> None:
    if body.get("type") not in ("web_hook", "webhook"):
        raise invalid("Unknown channel type.")
    if not 0 < len(str(body.get("id", ""))) <= _LONGEST_ID:
        raise invalid("Channel id must be 1 to 64 characters.")
    if len(body.get("token") or "") > _LONGEST_TOKEN:
        raise invalid("Channel token is longer than 256 characters.")
    place = urlsplit(str(body.get("address", "")))
    # Google calls https alone; on this machine tests may do without.
    if place.scheme != "https" and place.hostname not in ("127.0.0.1", "localhost"):
        text = "WebHook callback must be HTTPS: " + str(body.get("address"))
        raise RefusedError(400, "push.webhookUrlNotHttps", text)


def _called(channel: Channel, state: str) -> int | None:
    place = urlsplit(channel.address)
    headers = {
        "Content-Length": "0",
        "X-Goog-Channel-ID": channel.id,
        "X-Goog-Channel-Expiration": format_datetime(channel.until, usegmt=True),
        "X-Goog-Message-Number": str(channel.sent),
        "X-Goog-Resource-ID": channel.resource,
        "X-Goog-Resource-State": state,
        "X-Goog-Resource-URI": channel.uri,
    }
    if channel.token:
        headers["X-Goog-Channel-Token"] = channel.token
    kinds = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}
    connection = kinds[place.scheme](place.netloc, timeout=_PATIENCE)
    try:
        path = place.path + (f"?{place.query}" if place.query else "")
        connection.request("POST", path or "/", headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
