"""What goes wrong when a test asks for it."""

import threading
from dataclasses import dataclass, replace
from enum import StrEnum

from tests.fakes.google_answers import Answer, RefusedError


class Way(StrEnum):
    """How an answer goes wrong."""

    REFUSED = "refused"
    DROPPED = "dropped"
    """The connection is closed without an answer."""
    HALF = "half"
    """Less comes than was announced."""
    INSTEAD = "instead"
    """Another body comes than the right one."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, with the next requests that it fits."""

    way: Way = Way.REFUSED
    status: int = 503
    reason: str = "backendError"
    message: str = "Backend Error"
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    after: bool = False
    """The request is carried out first: only the answer goes wrong."""
    delay: float = 0.0
    method: str | None = None
    owner: str | None = None
    path: str = ""
    """What the path has somewhere."""
    skip: int = 0
    """So many that it fits are let through first."""
    times: int = 1

    def fits(self, method: str, path: str, owner: str | None) -> bool:
        named = self.method in (None, method) and self.owner in (None, owner)
        return named and self.path in path


class Faults:
    """The faults that are yet to come."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []
        self._stopped = threading.Event()

    def add(self, fault: Fault) -> None:
        self._coming.append(fault)

    def clear(self) -> None:
        self._coming.clear()

    def stop(self) -> None:
        self._stopped.set()

    def next(self, method: str, path: str, owner: str | None) -> Fault | None:
        for place, fault in enumerate(self._coming):
            if not fault.fits(method, path, owner):
                continue
            if fault.skip:
                self._coming[place] = replace(fault, skip=fault.skip - 1)
            else:
                self._coming[place : place + 1] = (
                    [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                )
                return fault
        return None

    def wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)


def spoilt(fault: Fault, right: Answer | None) -> Answer:
    """Return what is sent in place of the right answer."""
    headers = dict(fault.headers)
    match fault.way:
        case Way.HALF:
            body = (right.body if right else b"{}")[
                : len(right.body) // 2 if right else 1
            ]
            return Answer(200, body, headers, length=len(body) + 1000)
        case Way.INSTEAD:
            return Answer(fault.status, fault.body or b"", headers)
        case _:
            refusal = RefusedError(fault.status, fault.reason, fault.message).answer()
            body = refusal.body if fault.body is None else fault.body
            return Answer(fault.status, body, refusal.headers | headers)
