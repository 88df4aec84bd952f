"""All that is held on one person, before it is erased: what goes, and what stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from voice.divert.model import Extension
from voice.store.accounts_port import Account, Login
from voice.store.directory_port import Listing
from voice.web.pages.people import PATH, path_of

_PLAIN = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class ErasurePage:
    """Who would be erased."""

    path: str
    """Where the person is looked after, or everybody where the person has left."""
    number: Extension
    listing: Listing | None
    """None for somebody who has left the directory."""
    logins: tuple[Login, ...]
    is_own: bool
    """Whether it is the person who asks, whose account would go in the middle of it."""

    @property
    def action(self) -> str:
        """Where it is asked for."""
        return erasure_path(self.number)


def erasure_page(
    number: Extension,
    listing: Listing | None,
    accounts: Sequence[Account],
    asker: Login,
) -> ErasurePage:
    """Return what is shown of a person who is to be erased, and of their accounts."""
    logins = tuple(account.login for account in accounts)
    path = PATH if listing is None else path_of(number)
    return ErasurePage(path, number, listing, logins, is_own=asker in logins)


def erasure_path(number: str) -> str:
    """Return where all that is held on a person is erased."""
    return f"{path_of(number)}/radera"


def export_path(number: str) -> str:
    """Return where all that is held on a person is handed over."""
    return f"{path_of(number)}/registerutdrag"


def export_name(number: str, day: str, is_masked: bool) -> str:
    """Return the name of a file that all of it is handed over in; safe in a header."""
    plain = "".join(sign for sign in number.lower() if sign in _PLAIN)
    masked = "-maskerat" if is_masked else ""
    return f"registerutdrag-{plain or 'person'}-{day}{masked}.json"
