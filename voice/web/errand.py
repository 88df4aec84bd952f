"""What somebody sends from Min startsida, and what stands on their phone by then."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request

from voice.divert.model import Extension, Source, Standing
from voice.language.times import Moment
from voice.language.understand import Here
from voice.web.dates import Dates
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import Form, read_form
from voice.web.pages.foreseen import Teller
from voice.web.pages.seals import change_seal, holding_seal
from voice.web.pages.start import Owner, StartPage, start_page
from voice.web.pages.wishes import Wish
from voice.web.port import House
from voice.web.rendering import house_of, words_of
from voice.web.visitors import Visitor

# What is amiss with bookings so near is worth mending now.
_AHEAD = timedelta(days=30)
# For so long, words that were shown with what they mean go on meaning it.
_STILL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Errand:
    """A form of somebody's own page, and what it is about."""

    request: Request
    visitor: Visitor
    form: Form
    owner: Owner
    now: datetime

    @property
    def house(self) -> House:
        """All that the web knows of the house."""
        return house_of(self.request)

    @property
    def extension(self) -> Extension:
        """Whose phone it is about."""
        return self.owner.listing.extension

    @property
    def here(self) -> Here:
        """By whom, and when, the words in the form were written."""
        parts = self.house.catalog.parts
        moment = Moment(self._read_at, self.house.site.red_days, parts)
        return Here("start", self.extension, moment, Source.WEB)

    @property
    def wish(self) -> Wish:
        """What is filled in."""
        text = self.form.text
        informs = text("mode") == "informing"
        return Wish(text("reason"), text("until"), text("lasts"), informs)

    def check_change(self, standing: Standing) -> None:
        """Raise if a person has changed anything since the page was shown."""
        if self.form.text("change") != change_seal(standing):
            raise ChangedMeanwhileError

    def check_holding(self, standing: Standing) -> None:
        """Raise if anything else holds than what the page has shown."""
        if self.form.text("holding") != holding_seal(standing.diverts, self.now):
            raise ChangedMeanwhileError

    async def anew(self) -> "Errand":
        """Return the errand with what stands by now."""
        owner = await owner_of(self.request, self.extension)
        return replace(self, owner=owner)

    @property
    def page(self) -> StartPage:
        """What the page shows by now."""
        house = self.house
        return start_page(self.owner, house.catalog, house.site, self.now)

    @property
    def teller(self) -> Teller:
        """Who tells of commands in the language of whoever asks."""
        dates = Dates(words_of(self.request), self.now)
        return Teller(self.house.catalog, dates)

    @property
    def _read_at(self) -> datetime:
        """Return when a preview read the words, which said then what they meant."""
        try:
            then = datetime.fromisoformat(self.form.text("at"))
        except ValueError:
            return self.now
        is_whole = then.tzinfo is not None
        return then if is_whole and self.now - _STILL <= then <= self.now else self.now


async def owner_of(request: Request, extension: Extension) -> Owner:
    """Read who has an extension, what stands on it, and of their calendar."""
    house = house_of(request)
    now = house.now()
    listing = await house.store.directory.find(extension)
    stands = await house.store.diverts.standing(extension)
    diary = await house.diary(extension, spans=[(now, now + _AHEAD)], now=now)
    return Owner(listing, stands, diary)


async def begin(request: Request, visitor: Visitor) -> Errand:
    """Read what somebody sends; who has no extension has no phone here."""
    if visitor.extension is None:
        raise HTTPException(403)
    form = await read_form(request)
    owner = await owner_of(request, visitor.extension)
    return Errand(request, visitor, form, owner, house_of(request).now())
