"""What the web asks of the house it shows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias

from voice.divert.diary import Diary
from voice.divert.forecast import Span
from voice.divert.model import Command, Event, Extension, Site, Source, Standing
from voice.language.catalog import Catalog
from voice.store.accounts_port import Account
from voice.store.calls_port import CallId
from voice.store.port import Store
from voice.web.administration import Administration
from voice.web.pages.outward import Discretion
from voice.web.settings import WebSettings
from voice.web.words import Language, Words

Clock: TypeAlias = Callable[[], datetime]
Ask: TypeAlias = Callable[[], Awaitable[str]]
Check: TypeAlias = Callable[[Standing], None]


class PasswordFault(StrEnum):
    """Why a password cannot be somebody's, as the words of its page name it."""

    SHORT = "password.short"
    EASY = "password.easy"


class Obey(Protocol):
    """The one door that every command passes."""

    async def __call__(
        self,
        command: Command,
        now: datetime,
        by: Source,
        name: str = "",
        check: Check | None = None,
    ) -> Event:
        """Carry out a command in the store, or refuse it.

        The trail tells who asked, where a name is given. A check sees what stands in
        the same moment, and raises to stop the command.
        """
        ...


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody has proved whose account it is."""

    account: Account
    mark: str = field(repr=False)
    """What the browser is to keep, and to show when somebody logs in there again."""


class Gate(Protocol):
    """Who is let in by a password."""

    async def check(
        self, login: str, password: str, now: datetime, mark: str = ""
    ) -> Proof | None:
        """Return whose password it is; None for all others, as late and as mute.

        Where the browser shows its mark, nobody else's wrong tries lock its owner out.
        """
        ...

    async def holds(self, proof: Proof) -> bool:
        """Tell whether the password is still the one that was proved to be known."""
        ...

    async def change(
        self, proof: Proof, password: str, now: datetime
    ) -> Proof | PasswordFault:
        """Give somebody a new password of their own; their sessions end.

        PasswordChangedError where another was given meanwhile.
        """
        ...


class ReadDiary(Protocol):
    """What an owner may know of their own calendar."""

    async def __call__(
        self, extension: Extension, *, spans: Sequence[Span], now: datetime
    ) -> Diary | None:
        """Return how old its reading is, and what its bookings in the spans do."""
        ...


class Tapes(Protocol):
    """The sound of calls, where a site keeps any."""

    async def find(self, call: CallId) -> Path | None:
        """Return the sound of a call that has ended; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """All that the web knows of the house; it does nothing past it."""

    store: Store
    catalog: Catalog
    site: Site
    words: Mapping[Language, Words]
    settings: WebSettings
    obey: Obey
    gate: Gate
    now: Clock
    health: Ask
    """What the service answers when it is asked how it is; "ok" when it is well."""
    metrics: Ask
    """What the service has counted, as Prometheus reads it."""
    diary: ReadDiary
    tapes: Tapes
    misheard: Callable[[], Awaitable[bytes]]
    """Every turn marked as misheard, packed as `telefonist replay` reads them."""
    administration: Administration
    """What only administrators ask for."""

    @property
    def discretion(self) -> Discretion:
        """How operators are shown what is nobody else's business."""
        return Discretion(self.catalog, self.settings.operators_see_all)
