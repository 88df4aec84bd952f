"""What operators do to a phone on somebody's behalf, and what came of it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import (
    Command,
    DivertsCleared,
    Event,
    Extension,
    Refused,
    Source,
    Standing,
)
from voice.language.times import Moment
from voice.language.understand import Here
from voice.web.dates import Dates
from voice.web.drawers import Message
from voice.web.errors import ChangedMeanwhileError
from voice.web.forms import Form, read_form
from voice.web.notices import done
from voice.web.pages.directory import path_of
from voice.web.pages.foreseen import Teller
from voice.web.pages.seals import change_seal
from voice.web.pages.wishes import Wish
from voice.web.port import Check
from voice.web.rendering import house_of, words_of
from voice.web.visitors import Visitor


@dataclass(frozen=True, slots=True)
class Behalf:
    """A form that an operator sends, and whose phone it is about."""

    request: Request
    visitor: Visitor
    extension: Extension
    form: Form

    @property
    def teller(self) -> Teller:
        """Who tells of commands in the language of whoever asks."""
        house = house_of(self.request)
        return Teller(house.catalog, Dates(words_of(self.request), house.now()))

    @property
    def here(self) -> Here:
        """By whom, and when, the words in the form were written."""
        house = house_of(self.request)
        moment = Moment(house.now(), house.site.red_days, house.catalog.parts)
        return Here("start", self.extension, moment, Source.OPERATOR)

    @property
    def wish(self) -> Wish:
        """What is filled in."""
        text = self.form.text
        informs = text("mode") == "informing"
        return Wish(text("reason"), text("until"), informs=informs)

    def check(self, standing: Standing) -> None:
        """Raise if a person has changed anything since the page was shown."""
        if self.form.text("change") != change_seal(standing):
            raise ChangedMeanwhileError

    async def obey(self, command: Command, check: Check | None = None) -> Event:
        """Pass the one door, in the operator's name."""
        house = house_of(self.request)
        now, name = house.now(), self.visitor.login
        return await house.obey(command, now, Source.OPERATOR, name, check)

    def told(self, event: Event) -> Response:
        """Say what came of a command, on the page of whose phone it is."""
        match event:
            case Refused():
                # Nothing is there to be cleared or taken back any more.
                return self.is_changed()
            case DivertsCleared():
                # Why somebody was away may be nobody's business but theirs.
                return self._said(Message("colleague.opened"))
            case _:
                return self._said(Message(*self.teller.outcome(event)))

    def is_changed(self) -> Response:
        """Say that what was shown stands no more, and that nothing was done."""
        return self._said(Message("colleague.changed", is_fault=True))

    def _said(self, message: Message) -> Response:
        return done(self.request, self.visitor, path_of(self.extension), message)


async def behalf(request: Request, visitor: Visitor, number: str) -> Behalf:
    """Read what an operator sends; UnknownExtensionError where it is nobody's phone."""
    listing = await house_of(request).store.directory.find(Extension(number))
    return Behalf(request, visitor, listing.extension, await read_form(request))
