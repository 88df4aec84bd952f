"""What a site says of its calendars: values, read and checked elsewhere."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Clearing(StrEnum):
    """What becomes of a person's own booking whose phone is opened by phone or web."""

    MARK = "mark"
    """It carries that its phone was opened, where nobody sees that."""
    UNCODE = "uncode"
    """The code is cut from its subject."""


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """Which bookings count, and how calendars are read; times in seconds."""

    free: bool = True
    """Whether bookings shown as free divert."""
    tentative: bool = True
    """Whether bookings divert that may yet not take place."""
    clearing: Clearing = Clearing.MARK
    """What becomes of a booking whose phone is opened before its end."""
    notes: bool = False
    """Whether owners find notes in their calendars on bookings that divert nothing."""
    google_seconds: float = 60.0
    outlook_seconds: float = 60.0
    caldav_seconds: float = 60.0
    ics_seconds: float = 300.0
    """How often each kind is read."""
    pushed_seconds: float = 600.0
    """How often a calendar is read that calls us when something changes."""
    push_address: str = ""
    """Where Google and Microsoft reach us: an https address; with none, they do not."""
    push_listen: str = "127.0.0.1:9950"
    """Where what reaches that address is passed on to: an address and a port."""
    at_once: int = 16
    """How many calendars are read at the same time."""
    per_minute: int = 6000
    """How many questions are asked in a minute, of servers of each kind."""


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """A service account that acts for everybody in a Google Workspace."""

    key: Path | None = None
    """Its key, as Google gives it: a JSON file."""
    address: str = "https://www.googleapis.com/calendar/v3/"
    """Where Google's calendars are asked."""


@dataclass(frozen=True, slots=True)
class OutlookSettings:
    """An application that is known in a Microsoft 365."""

    tenant: str = ""
    client: str = ""
    certificate: Path | None = None
    """Certificate and key in one PEM file; else a secret from the environment."""
    sign_in: str = "https://login.microsoftonline.com"
    graph: str = "https://graph.microsoft.com/v1.0"
    """Where Microsoft is asked; a country's own cloud has others."""
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class CaldavAccount:
    """Who we are to a CalDAV server, and whom we trust."""

    user: str = ""
    authorities: Path | None = None
    """Who may vouch for the server's certificate, in PEM; else the system's."""
    password: str = field(repr=False, default="")
    address: str = ""
    """It is shown at this address and below it alone; with none, wherever we read."""
    name: str = ""

    @property
    def section(self) -> str:
        """Where the settings tell of it."""
        return f"caldav.accounts.{self.name}" if self.name else "caldav"

    @property
    def variable(self) -> str:
        """What the environment calls its password."""
        own = f"_{self.name.upper()}" if self.name else ""
        return f"TELEFONIST_CALDAV_PASSWORD{own}"


@dataclass(frozen=True, slots=True)
class CaldavSettings:
    """An account that may read and write everybody's calendar on a CalDAV server."""

    user: str = ""
    authorities: Path | None = None
    """Who may vouch for the server's certificate, in PEM; else the system's."""
    password: str = field(repr=False, default="")
    accounts: tuple[CaldavAccount, ...] = ()
    """Those of single people and other servers, each for calendars of its own."""

    @property
    def usual(self) -> CaldavAccount:
        """The account for calendars that no other is for."""
        return CaldavAccount(self.user, self.authorities, self.password)


@dataclass(frozen=True, slots=True)
class CalendarAccess:
    """What each kind of calendar lets us in by."""

    google: GoogleSettings = GoogleSettings()
    outlook: OutlookSettings = OutlookSettings()
    caldav: CaldavSettings = CaldavSettings()
