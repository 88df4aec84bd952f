"""What the store keeps, as programs are shown it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voice.divert import model
from voice.divert.model import Extension, ReasonCode, Site, Standing
from voice.divert.routing import Announce, Destination, Inform, Ring, counting, route
from voice.divert.routing import standing as living
from voice.divert.walltime import local
from voice.language.catalog import Catalog
from voice.store import calls_port
from voice.store.search_port import FoundCall
from voice.web.api.shapes import (
    Call,
    Decision,
    Divert,
    Person,
    Phone,
    Reason,
    Route,
    State,
    Turn,
)


class Named(Protocol):
    """Somebody in the directory, however much is known."""

    @property
    def extension(self) -> Extension:
        """Their number."""
        ...

    @property
    def name(self) -> str:
        """What they are called."""
        ...

    @property
    def unit(self) -> str:
        """Where they work."""
        ...


@dataclass(frozen=True, slots=True)
class Showing:
    """What programs are shown by: a site's words and rules, at a moment."""

    catalog: Catalog
    site: Site
    now: datetime

    def reasons(self) -> tuple[Reason, ...]:
        """Return the reasons to be away."""
        return tuple(
            Reason(
                code=code,
                label=self.catalog.wordings[code].label,
                outer=self.outer(code),
                digit=reason.digit,
                discreet=self.catalog.wordings[code].discreet,
            )
            for code, reason in self.catalog.reasons.items()
        )

    def outer(self, code: ReasonCode) -> str:
        """Return how others hear of a reason; also of one that is known no longer."""
        wording = self.catalog.wordings.get(code)
        return wording.outer if wording else self.catalog.prompts["outer_unknown"]

    def phone(self, extension: Extension, standing: Standing) -> Phone:
        """Return what stands on an extension."""
        counts = counting(standing.diverts, self.now)
        there = sorted(
            living(standing.diverts, self.now),
            key=lambda divert: (divert != counts, divert.start, divert.reason),
        )
        where = route(standing.diverts, self.site, self.now)
        opens, back = _ends(where)
        return Phone(
            extension=extension,
            state=_state(where),
            opens=opens,
            back=back,
            diverts=tuple(map(self.divert, there)),
        )

    def divert(self, divert: model.Divert) -> Divert:
        """Return one absence."""
        wording = self.catalog.wordings.get(divert.reason)
        is_discreet = wording is None or wording.discreet
        return Divert(
            reason=None if is_discreet else divert.reason,
            outer=self.outer(divert.reason),
            start=local(divert.start),
            until=_local(divert.until),
            mode=divert.mode,
            source=divert.source,
            holds=divert.holds(self.now),
        )

    def person(self, who: Named, standing: Standing) -> Person:
        """Return a line of the directory, and the state of its phone."""
        where = route(standing.diverts, self.site, self.now)
        opens, back = _ends(where)
        return Person(
            extension=who.extension,
            name=who.name,
            unit=who.unit,
            state=_state(where),
            outer=self._why(where),
            opens=opens,
            back=back,
        )

    def route(self, number: str, standing: Standing | None) -> Route:
        """Return what becomes of a call; None stands on nobody's number."""
        where = None if standing is None else self._where(standing)
        opens, back = _ends(where)
        return Route(
            number=number,
            decision=_decision(where),
            outer=self._why(where),
            opens=opens,
            back=back,
        )

    def _where(self, standing: Standing) -> Destination:
        return route(standing.diverts, self.site, self.now)

    def _why(self, where: Destination | None) -> str | None:
        match where:
            case Announce(divert) | Inform(divert):
                return self.outer(divert.reason)
            case _:
                return None


def _state(where: Destination) -> State:
    match where:
        case Ring():
            return State.OPEN
        case Inform():
            return State.INFORMING
        case Announce():
            return State.CLOSED


def _decision(where: Destination | None) -> Decision:
    match where:
        case None:
            return Decision.UNKNOWN
        case Announce():
            return Decision.ANNOUNCE
        case _:
            return Decision.RING


def _ends(where: Destination | None) -> tuple[datetime | None, datetime | None]:
    match where:
        case Announce(_, opens, back):
            return _local(opens), _local(back)
        case _:
            return None, None


def _local(instant: datetime | None) -> datetime | None:
    return None if instant is None else local(instant)


def call(found: FoundCall) -> Call:
    """Return a call, and how well its caller was understood."""
    call = found.call
    return Call(
        id=call.id,
        place=call.place,
        caller=call.caller,
        began=local(call.began),
        ended=_local(call.ended),
        outcome=call.outcome,
        turns=found.turns,
        doubtful=found.doubtful,
        missed=found.missed,
        worst=found.worst,
    )


def turns(there: Iterable[calls_port.Turn]) -> tuple[Turn, ...]:
    """Return what was said and keyed."""
    return tuple(
        Turn(
            seconds=turn.t,
            who=turn.who,
            text=turn.text,
            score=turn.score,
            meaning=turn.meaning,
            event=turn.event,
            place=turn.place,
        )
        for turn in there
    )
