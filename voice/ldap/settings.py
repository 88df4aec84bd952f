"""What a site says of its directory server: values, read and checked elsewhere."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

SECRET = "TELEFONIST_LDAP_PASSWORD"
"""The variable that holds the password of our account there."""
_PORTS = {"ldap": 389, "ldaps": 636}
_HERE = ("localhost", "127.0.0.1", "::1")


class Unencrypted(StrEnum):
    """Where the password and what is told of people may travel for all to read."""

    NEVER = "never"
    HERE = "here"
    """Within this machine."""
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class LdapSettings:
    """Where people are looked up, and which attributes tell of them.

    Of several attributes the first that an entry has is taken; some that stand in one
    text are joined. What has none at all is left as it is in the directory.
    """

    address: str = ""
    """ldaps://HOST or ldap://HOST, which is encrypted too (StartTLS)."""
    unencrypted: Unencrypted = Unencrypted.NEVER
    authorities: Path | None = None
    """Who may vouch for the server's certificate, in PEM; else the system's."""
    user: str = ""
    """Our account there; with none, we look as anybody may."""
    password: str = field(repr=False, default="")
    base: str = ""
    """The branch below which people are."""
    filter: str = ""
    """Who of them are looked for; else all persons with a number."""
    group: str = ""
    """Only members of this group, where there is one."""
    number: tuple[str, ...] = ("ipPhone", "telephoneNumber")
    last_digits: int = 0
    """How many of a longer number are the extension; with 0, it is the whole."""
    name: tuple[str, ...] = ("displayName", "givenName sn", "cn")
    unit: tuple[str, ...] = ("department", "ou")
    mail: tuple[str, ...] = ("mail",)
    mobiles: tuple[str, ...] = ("mobile", "otherMobile")
    search: tuple[str, ...] = ()
    remove_missing: bool = True
    """Whether those are removed whom the server does not list."""
    kept: tuple[str, ...] = ()
    """Extensions that are never removed."""
    page: int = 500
    """How many people are asked for at a time."""
    seconds: float = 30.0
    """For how long an answer is waited for."""
    sync_minutes: int = 0
    """How often the service looks; with 0, it does not."""

    @property
    def place(self) -> tuple[str, int]:
        """The host and port that are asked."""
        split = self._split
        return split.hostname or "", split.port or _PORTS.get(split.scheme, 0)

    @property
    def is_tls(self) -> bool:
        """Whether all is encrypted from the first byte."""
        return self._split.scheme == "ldaps"

    @property
    def is_start_tls(self) -> bool:
        """Whether encryption is asked for before anything is said."""
        if self.is_tls or self.unencrypted is Unencrypted.ANYWHERE:
            return False
        is_here = self.place[0] in _HERE
        return not (is_here and self.unencrypted is Unencrypted.HERE)

    @property
    def attributes(self) -> tuple[str, ...]:
        """Every attribute that is asked for, once."""
        named = (self.number, self.name, self.unit, self.mail, self.mobiles)
        texts = (each for names in (*named, self.search) for each in names)
        return tuple(dict.fromkeys(" ".join(texts).split()))

    @property
    def _split(self) -> SplitResult:
        return urlsplit(self.address)
