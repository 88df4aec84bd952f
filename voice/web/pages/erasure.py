"""All that is held on one person, before it is erased: what goes, and what stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from voice.store.accounts_port import Account, Login
from voice.store.directory_port import Listing
from voice.web.pages.people import path_of

_PLAIN = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class ErasurePage:
    """Who would be erased."""

    path: str
    """Where the person is looked after."""
    listing: Listing
    logins: tuple[Login, ...]
    is_own: bool
    """Whether it is the person who asks, whose account would go in the middle of it."""

    @property
    def action(self) -> str:
        """Where it is asked for."""
        return erasure_path(self.listing.extension)


def erasure_page(
    listing: Listing, accounts: Sequence[Account], asker: Login
) -> ErasurePage:
    """Return what is shown of a person who is to be erased."""
    theirs = [each for each in accounts if each.extension == listing.extension]
    logins = tuple(each.login for each in theirs)
    is_own = asker in logins
    return ErasurePage(path_of(listing.extension), listing, logins, is_own)


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
