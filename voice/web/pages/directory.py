"""Internkatalog: everybody, how each can be reached now, and what looks odd."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote, urlencode

from voice.divert.model import Divert, Extension, Site, Standing
from voice.divert.plausible import Oddity, oddities
from voice.divert.routing import Announce, Inform, Ring, route, standing
from voice.language.catalog import Catalog
from voice.language.index import Person
from voice.store.links_port import Linked, Progress
from voice.web.pages.outward import Discretion

AT_ONCE = 50
_LONGEST = 100
_MOST_PAGES = 10_000


class Phone(StrEnum):
    """How a phone answers."""

    OPEN = "open"
    INFORMING = "informing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class State:
    """How somebody can be reached: why they are away, and when they are back."""

    phone: Phone
    why: str = ""
    back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Eyes:
    """By whose eyes a page is seen: an operator's see the reason, others' what is told.

    What is nobody else's business is kept from operators too, unless the site says.
    """

    catalog: Catalog
    site: Site
    now: datetime
    is_operator: bool = False
    sees_all: bool = False

    @property
    def discretion(self) -> Discretion:
        """How an operator is shown what is nobody else's business."""
        return Discretion(self.catalog, self.sees_all)

    def state(self, stands: Standing) -> State:
        """Return how somebody can be reached."""
        match route(stands.diverts, self.site, self.now):
            case Ring():
                return State(Phone.OPEN)
            case Inform(divert):
                return State(Phone.INFORMING, self.why(divert), divert.until)
            case Announce(divert, back=back):
                return State(Phone.CLOSED, self.why(divert), back)

    def why(self, divert: Divert) -> str:
        """Return what is told of a reason."""
        if self.is_operator:
            return self.discretion.reason(divert.reason)
        wording = self.catalog.wordings.get(divert.reason)
        return wording.outer if wording else self.catalog.prompts["outer_unknown"]

    def odd(self, stands: Standing) -> tuple[Oddity, ...]:
        """Return what is odd about all that stands; to operators alone."""
        if not self.is_operator:
            return ()
        living = standing(stands.diverts, self.now)
        found = (oddities(each, self.site, self.now) for each in living)
        return tuple(dict.fromkeys(oddity for each in found for oddity in each))


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom somebody looks for, and which page of them."""

    text: str = ""
    odd: bool = False
    """Only those who have a divert that is hardly as it was meant."""
    page: int = 1

    def address(self, page: int) -> str:
        """Return where another page of the same is."""
        fields = {
            "q": self.text,
            "orimliga": "1" if self.odd else "",
            "sida": str(page) if page > 1 else "",
        }
        query = urlencode({name: text for name, text in fields.items() if text})
        return f"/katalog?{query}" if query else "/katalog"

    @property
    def first(self) -> int:
        """How many are on the pages before."""
        return (self.page - 1) * AT_ONCE


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the directory."""

    person: Person
    path: str
    state: State
    odd: tuple[Oddity, ...]
    calendar: Progress | None
    """How its reading goes, where the phone follows one and an operator looks."""


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """What the page shows."""

    asked: Asked
    rows: tuple[Row, ...]
    count: int
    first: int
    """The number of the first that is shown, from 1."""
    before: str
    after: str
    is_operator: bool


def asked(given: Mapping[str, str], is_operator: bool) -> Asked:
    """Read whom somebody looks for; what cannot be read asks for nothing."""
    page = given.get("sida", "1")
    is_page = page.isascii() and page.isdecimal() and len(page) < 6
    return Asked(
        text=given.get("q", "").replace("\0", "").strip()[:_LONGEST],
        odd=is_operator and bool(given.get("orimliga")),
        page=min(max(int(page), 1), _MOST_PAGES) if is_page else 1,
    )


def odd_ones(
    persons: Iterable[Person], stand: Mapping[Extension, Standing], eyes: Eyes
) -> tuple[Person, ...]:
    """Return those who have a divert that is hardly as it was meant."""
    odd = {number for number, stands in stand.items() if eyes.odd(stands)}
    return tuple(each for each in persons if each.extension in odd)


def directory_page(
    wanted: Asked,
    found: Sequence[Person],
    stand: Mapping[Extension, Standing],
    links: Iterable[Linked],
    eyes: Eyes,
) -> DirectoryPage:
    """Return the page of those who are found; of those it shows, what stands."""
    read = {each.link.extension: each.progress for each in links if each.coupled}
    some = found[wanted.first : wanted.first + AT_ONCE]
    # Who has left since the directory was read is not there any more.
    there = [(each, stand[each.extension]) for each in some if each.extension in stand]
    more = wanted.first + AT_ONCE < len(found)
    return DirectoryPage(
        asked=wanted,
        rows=tuple(
            Row(
                person=person,
                path=path_of(person.extension),
                state=eyes.state(stands),
                odd=eyes.odd(stands),
                calendar=read.get(person.extension),
            )
            for person, stands in there
        ),
        count=len(found),
        first=wanted.first + 1,
        before=wanted.address(wanted.page - 1) if wanted.page > 1 else "",
        after=wanted.address(wanted.page + 1) if more else "",
        is_operator=eyes.is_operator,
    )


def path_of(extension: Extension) -> str:
    """Return where somebody's page is."""
    return f"/katalog/{quote(extension, safe='')}"
