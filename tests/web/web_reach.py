"""Every way to ask the web for something, and who may."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.routing import APIRoute

from voice.store.accounts_port import Role
from voice.web.app import ROUTERS
from voice.web.security import SAFE_METHODS

# The least that reaches a path and all below it, the longest path first to be found.
# None is everybody. A page that is nowhere here is nobody's: say whose it is.
LEAST: dict[str, Role | None] = {
    "/": Role.PERSON,
    "/static": None,
    "/healthz": None,
    "/sprak": None,
    "/logga-in": None,
    "/logga-ut/arbetskonto": None,
    "/logga-ut": Role.PERSON,
    "/losenord": Role.PERSON,
    "/hanvisning": Role.PERSON,
    "/katalog": Role.PERSON,
    "/katalog/{number}/oppna": Role.OPERATOR,
    "/katalog/{number}/angra": Role.OPERATOR,
    "/katalog/{number}/satt": Role.OPERATOR,
    "/samtal": Role.OPERATOR,
    "/lage": Role.OPERATOR,
    "/installningar": Role.ADMINISTRATOR,
}
VALUES = {"number": "1", "mark": "1"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: a method, and a path with values in it."""

    method: str
    route: str

    @property
    def path(self) -> str:
        return re.sub(
            r"\{(\w+)[^}]*\}", lambda slot: VALUES.get(slot[1], "x"), self.route
        )

    @property
    def changes(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def least(self) -> Role | None:
        at = self.route
        while at not in LEAST:
            at, _, last = at.rpartition("/")
            assert last, f"{self.route}: say in LEAST who may reach it"
        return LEAST[at]


def ways(routers: Iterable[APIRouter]) -> Iterator[Way]:
    for routes in routers:
        for route in routes.routes:
            assert isinstance(route, APIRoute), route
            yield from (Way(method, route.path) for method in sorted(route.methods))


def pages() -> list[Way]:
    """Return the ways to all that is no program's."""
    # What logs out is asked for last.
    return sorted(ways(ROUTERS), key=lambda way: way.route == "/logga-ut")
