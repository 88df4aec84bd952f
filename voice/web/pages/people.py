"""Anknytningar: those in the directory, as administrators look after them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlencode, urlsplit

from voice.store.credentials_port import Credential
from voice.store.directory_port import Listing
from voice.store.links_port import Link, Linked, LinkKind
from voice.web.pages.followed import fault_of
from voice.web.pages.settings import seal

PATH = "/installningar/anknytningar"
AT_ONCE = 50
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some of the directory, by number."""

    asked: str
    people: tuple[Listing, ...]
    first: str
    """Where the first are; empty where these are they."""
    more: str
    """Where those after these are; empty where there are none."""
    nobodys: str
    """The number that was asked for, where nobody has it; somebody may have had it."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Whether there is a PIN, and until when no try of it is taken."""

    is_there: bool
    locked_until: datetime | None
    seal: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose calendar a phone follows, and how its reading goes."""

    kind: LinkKind
    at: str
    """Whose it is, or which server has it: the address of a feed lets anybody in."""
    is_coupled: bool
    read_at: datetime | None
    fault: str
    """A key of words; empty where all is well."""
    remedy: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One extension."""

    path: str
    listing: Listing
    seal: str
    pin: Pin
    calendar: Calendar | None
    calendar_seal: str


def people_page(listings: Sequence[Listing], given: Mapping[str, str]) -> PeoplePage:
    """Return those that are looked for, from a number on."""
    asked = given.get("q", "").replace("\0", "").strip()[:_LONGEST]
    after = given.get("efter", "")
    first = bisect_right(listings, after, key=lambda each: each.extension)
    fitting = (each for each in listings[first:] if _fits(each, asked.casefold()))
    # One more than is shown, to know whether there is more.
    rest = tuple(islice(fitting, AT_ONCE + 1))
    shown = rest[:AT_ONCE]
    return PeoplePage(
        asked=asked,
        people=shown,
        first=_address(asked) if after else "",
        more=_address(asked, shown[-1].extension) if len(rest) > AT_ONCE else "",
        nobodys=""
        if any(each.extension == asked for each in shown)
        else _number(asked),
    )


def person_page(
    listing: Listing,
    credential: Credential | None,
    links: Sequence[Linked],
    now: datetime,
) -> PersonPage:
    """Return what is shown of one extension; never anything of its PIN."""
    locked = None if credential is None else credential.tries.locked_until
    is_locked = locked is not None and locked > now
    return PersonPage(
        path=path_of(listing.extension),
        listing=listing,
        seal=seal(listing),
        pin=Pin(
            credential is not None,
            locked if is_locked else None,
            pin_seal(credential),
        ),
        calendar=next((_calendar(each, now) for each in links), None),
        calendar_seal=calendar_seal(links),
    )


def pin_seal(credential: Credential | None) -> str:
    """Return what tells a PIN from the one after it, and nothing of either."""
    return seal(credential and credential.hash)


def calendar_seal(links: Sequence[Linked]) -> str:
    """Return what tells the calendar that is followed from any other."""
    return seal([each.link.kind.value for each in links] + [_whose(links)])


def _whose(links: Sequence[Linked]) -> str:
    # Not by `repr`, which leaves out what is personal.
    return " ".join(f"{each.link.address} {each.link.owner}" for each in links)


def path_of(extension: str) -> str:
    """Return where an extension is looked after."""
    return f"{PATH}/{extension}"


def _calendar(linked: Linked, now: datetime) -> Calendar:
    return Calendar(
        kind=linked.link.kind,
        at=_at(linked.link),
        is_coupled=linked.coupled,
        read_at=linked.progress.read_at,
        fault=fault_of(linked, now) if linked.coupled else "",
        remedy=linked.progress.remedy,
    )


def _at(link: Link) -> str:
    if link.kind in (LinkKind.GOOGLE, LinkKind.OUTLOOK):
        return link.address
    return urlsplit(link.address).hostname or ""


def _number(asked: str) -> str:
    return asked if asked.isascii() and asked.isdecimal() else ""


def _fits(listing: Listing, asked: str) -> bool:
    found = (listing.extension, listing.name, listing.unit, listing.mail)
    return not asked or any(asked in text.casefold() for text in found)


def _address(asked: str, after: str = "") -> str:
    fields = {"q": asked, "efter": after}
    given = urlencode({name: text for name, text in fields.items() if text})
    return f"{PATH}?{given}" if given else PATH
