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
from voice.web.persons_port import Persons, Remnant
from voice.web.programs_port import Programs
from voice.web.staff_port import DirectoryDesk, StaffDesk


class NotKeptError(VoiceError):
    """What was filled in cannot be kept; nothing of it is."""

    def __init__(self, **faults: str) -> None:
        """Blame each field by a key of words; `form` is all of them."""
        super().__init__("Correct what is marked, and send it again.")
        self.faults: Mapping[str, str] = faults


class UnusableError(VoiceError):
    """What was written by hand, or would be written, is no whole any more.

    Its text is for whoever has the file: it names lines and keys.
    """


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

    async def link(self, link: Link, by: str) -> tuple[Remnant, ...]:
        """Let a phone follow a calendar; NotKeptError where there can be none such.

        Return what may be left in one that it followed before.
        """
        ...

    async def unlink(self, extension: Extension, by: str) -> tuple[Remnant, ...]:
        """Let a phone follow no calendar; its diverts from one end."""
        ...


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the settings file, as it is filled in."""

    name: str
    """Of its field: "sip-1-trusted"."""
    words: str
    """The key of what it is called."""
    nth: int
    """Of which line it is, where there are several; else 0."""
    text: str
    is_list: bool


@dataclass(frozen=True, slots=True)
class FileShown:
    """What is shown of a file that a form may change, and the seal of its text."""

    file: str
    seal: str
    settings: tuple[Setting, ...]


class SettingsDesk(Protocol):
    """The settings file, as far as it is changed through the web."""

    async def read(self) -> FileShown | None:
        """Return what can be changed; None where the house has no settings file.

        UnusableError where it cannot be read.
        """
        ...

    async def write(
        self, seal: str, filled: Mapping[str, str], now: datetime, by: str
    ) -> bool:
        """Write what is filled in, and tell whether that changes anything.

        NotKeptError blames fields, UnusableError tells what the whole file would
        lack; ChangedMeanwhileError where the seal is that of an earlier text.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A reason to be away: its code and key, and what it is called."""

    code: str
    digit: str
    label: str
    outer: str
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReasonsShown:
    """The reasons of a site, and the seal of the text that they stand in."""

    folder: str
    is_own: bool
    """Whether the site has a grammar of its own; the one shipped is not changed."""
    seal: str
    reasons: tuple[ReasonShown, ...]


class ReasonDesk(Protocol):
    """The reasons in the grammar, as they are to be from the next start."""

    async def read(self) -> ReasonsShown:
        """Return them as they are written; UnusableError where they cannot be read."""
        ...

    async def write(
        self, seal: str, filled: ReasonShown, now: datetime, by: str
    ) -> bool:
        """Write one, if the house can start with it; tell whether it is another.

        It fails as SettingsDesk does.
        """
        ...


@dataclass(frozen=True, slots=True)
class Administration:
    """All that administrators ask of the house."""

    versions: Callable[[], Awaitable[Versions]]
    people: People
    accounts: AccountDesk
    calendars: CalendarDesk
    staff: StaffDesk
    directory: DirectoryDesk
    settings: SettingsDesk
    reasons: ReasonDesk
    programs: Programs
    persons: Persons
