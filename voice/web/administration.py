"""What administrators ask of the house that its store alone cannot do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.store.accounts_port import Account, Login
from voice.store.directory_port import Listing
from voice.store.links_port import Link


class NotKeptError(VoiceError):
    """What was filled in cannot be kept; nothing of it is."""

    def __init__(self, **faults: str) -> None:
        """Blame each field by a key of words; `form` is all of them."""
        super().__init__("Correct what is marked, and send it again.")
        self.faults: Mapping[str, str] = faults


@dataclass(frozen=True, slots=True)
class Versions:
    """What is installed: each is told to whoever is asked what is wrong."""

    program: str
    model: str
    grammar: str
    store: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What is filled in of an extension, each as it was written."""

    number: str
    name: str
    unit: str
    mail: str
    mobiles: str
    search: str


class People(Protocol):
    """The directory and the PINs of those in it, as people write them."""

    def listing(self, filled: Filled, known: Listing | None) -> Listing:
        """Read what is filled in, after what is known; NotKeptError blames fields."""
        ...

    async def set_pin(
        self, extension: Extension, pin: str, now: datetime, by: str
    ) -> None:
        """Give a new PIN, which also unlocks; NotKeptError where it will not do."""
        ...

    async def unlock_pin(self, extension: Extension, now: datetime, by: str) -> None:
        """Forget the wrong tries of a PIN; nothing where there is none."""
        ...

    async def take_pin(self, extension: Extension, now: datetime, by: str) -> None:
        """Take a PIN away."""
        ...


class AccountDesk(Protocol):
    """Who may log in, and by which password."""

    def login(self, text: str) -> Login:
        """Return the login that a new account is to have; NotKeptError for none."""
        ...

    async def add(
        self, account: Account, password: str, now: datetime, by: str
    ) -> None:
        """Let somebody log in; NotKeptError where the password will not do."""
        ...

    async def give(self, login: Login, password: str, now: datetime, by: str) -> None:
        """Give a new password; NotKeptError where it will not do."""
        ...

    async def unlock(self, login: Login, now: datetime, by: str) -> None:
        """Forget the wrong passwords; nothing where there is no password."""
        ...


class CalendarDesk(Protocol):
    """Whose calendar each phone follows."""

    async def link(self, link: Link, by: str) -> None:
        """Let a phone follow a calendar; NotKeptError where there can be none such."""
        ...

    async def unlink(self, extension: Extension, by: str) -> None:
        """Let a phone follow no calendar; its diverts from one end."""
        ...


@dataclass(frozen=True, slots=True)
class Administration:
    """All that administrators ask of the house."""

    versions: Callable[[], Awaitable[Versions]]
    people: People
    accounts: AccountDesk
    calendars: CalendarDesk
