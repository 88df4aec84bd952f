"""What a stand-in that runs alone is told over HTTP, by POST to `/stand-in/...`.

`people`: who there is, and what is booked there. `bookings`, `edits`, `removals`: what
its people do. `faults`: what goes wrong. `quota`: how much may be asked in a minute.
`counts`: what was asked.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from tests.fakes.google_faults import Way
from tests.fakes.quotas import Quota

Json: TypeAlias = dict[str, Any]


class StandIn(Protocol):
    """What can be done to any stand-in."""

    quota: Quota

    def person(self, owner: str) -> str: ...

    def book(
        self, owner: str, subject: str, start: datetime, end: datetime, **more: Any
    ) -> str: ...

    def edit(self, owner: str, event_id: str, /, **change: Any) -> None: ...

    def remove(self, owner: str, event_id: str, /) -> None: ...

    def fail(self, **fault: Any) -> None: ...


def told(stand_in: StandIn, what: str, body: Json) -> Json | None:
    """Do what is told, and answer; None where there is no such thing to do."""
    doing = _DOINGS.get(what)
    return None if doing is None else doing(stand_in, _timed(body))


def _timed(body: Json) -> Json:
    times = {name: body[name] for name in ("start", "end") if name in body}
    return body | {name: datetime.fromisoformat(text) for name, text in times.items()}


def _people(stand_in: StandIn, body: Json) -> Json:
    owner = stand_in.person(body["email"])
    for booking in body.get("bookings", ()):
        stand_in.book(owner, **_timed(booking))
    return {"person": owner}


def _bookings(stand_in: StandIn, body: Json) -> Json:
    return {"id": stand_in.book(body.pop("email"), **body)}


def _edits(stand_in: StandIn, body: Json) -> Json:
    stand_in.edit(body.pop("email"), body.pop("id"), **body)
    return {}


def _removals(stand_in: StandIn, body: Json) -> Json:
    stand_in.remove(body["email"], body["id"])
    return {}


def _faults(stand_in: StandIn, body: Json) -> Json:
    stand_in.fail(**body | {"way": Way(body.get("way", Way.REFUSED))})
    return {}


def _quota(stand_in: StandIn, body: Json) -> Json:
    stand_in.quota.per_person = body.get("per_person")
    stand_in.quota.in_all = body.get("in_all")
    return {}


def _counts(stand_in: StandIn, body: Json) -> Json:
    quota = stand_in.quota
    return {
        "refused": quota.refused,
        "most_in_all": quota.most_in_all,
        "most_of_a_person": quota.most_of_a_person,
    }


_DOINGS: dict[str, Callable[[StandIn, Json], Json]] = {
    "people": _people,
    "bookings": _bookings,
    "edits": _edits,
    "removals": _removals,
    "faults": _faults,
    "quota": _quota,
    "counts": _counts,
}
