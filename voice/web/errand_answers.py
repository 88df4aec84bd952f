"""What a form of Min startsida comes to: done, shown first, blamed, or too late."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Command,
    Divert,
    Refused,
    Source,
)
from voice.web.drawers import Drawer, Message
from voice.web.errand import Errand, owner_of
from voice.web.errors import ChangedMeanwhileError
from voice.web.notices import done, drawers_of
from voice.web.pages.foreseen import foresee
from voice.web.pages.start import start_page
from voice.web.pages.wishes import Asked, Fault
from voice.web.port import Check
from voice.web.refusals import over_whole_page
from voice.web.rendering import render, render_part, wants_part

# The fields that a refusal is about; any other is told on the page itself.
_BLAMED = {
    "unknown_reason": "reason",
    "until_has_passed": "until",
    "until_before_start": "until",
    "has_no_end": "until",
}
# What tells only how a form was sent, and not what was filled in.
_OF_SENDING = ("at", "sure", "try")


@dataclass(frozen=True, slots=True)
class Again:
    """A form that can be sent once more, to what stands by now."""

    action: str
    key: str
    """What its button says."""
    fields: Mapping[str, tuple[str, ...]]


async def carry_out(
    errand: Errand, asked: Asked | Fault, check: Check | None = None
) -> Response:
    """Do what is asked for; show first what it would do where that is in doubt.

    ChangedMeanwhileError is raised where the check says so, and nothing is done.
    """
    if isinstance(asked, Fault):
        return _blamed(errand, asked)
    if check is not None:
        check(errand.owner.standing)
    is_trial = bool(errand.form.text("try"))
    if is_trial or not (asked.sure or errand.form.text("sure")):
        return _foreseen(errand, asked.command, is_trial)
    now, by = errand.now, errand.visitor.login
    event = await errand.house.obey(asked.command, now, Source.WEB, by, check)
    match event, asked.command:
        case Refused(why), _ if why in _BLAMED:
            return _blamed(errand, Fault(_BLAMED[why], f"refused.{why}"))
        case Refused(), ClearDivert(only=Divert()) | ChangeDivert(only=Divert()):
            raise ChangedMeanwhileError
    key, values = errand.teller.outcome(event)
    return await _told(errand, Message(key, values, isinstance(event, Refused)))


def _blamed(errand: Errand, fault: Fault) -> Response:
    """Show the page with what was filled in, and what is wrong with it."""
    request = errand.request
    request.state.form = errand.form.blamed(**{fault.field: fault.key})
    if not wants_part(request):
        return render(request, "start.html", 422, page=errand.page)
    told = Message("start.look_again", is_fault=True)
    answer = render_part(request, "start.html", "own", page=errand.page, told=told)
    answer.status_code = 422
    return answer


def conflict(
    errand: Errand, asked: Asked | Fault, again: tuple[str, str] | None
) -> Response:
    """Show what was wanted, and what another has done meanwhile.

    What was filled in can be sent again, to a path and by a button that says a key.
    """
    _keep(errand)
    page, wanted, form = errand.page, "", None
    if isinstance(asked, Asked):
        wanted = errand.teller.wanted(asked.command)
    if again is not None:
        seals = {"change": (page.change,), "holding": (page.holding,)}
        form = Again(*again, _filled_in(errand) | seals)
    shown = {"page": page, "wanted": wanted, "again": form, "back": errand.form.page}
    answer = render(errand.request, "conflict.html", 409, **shown)
    return over_whole_page(errand.request, answer)


def _foreseen(errand: Errand, command: Command, is_trial: bool) -> Response:
    """Show what a command would do, and let it be done."""
    house = errand.house
    found = foresee(command, errand.owner, house.catalog, house.site, errand.now)
    why = found.event.why if isinstance(found.event, Refused) else ""
    if why in _BLAMED:
        return _blamed(errand, Fault(_BLAMED[why], f"refused.{why}"))
    _keep(errand)
    sure = {"at": (errand.here.moment.now.isoformat(),), "sure": ("1",)}
    answer = render(
        errand.request,
        "foreseen.html",
        found=found,
        refused=f"refused.{why}" if why else "",
        is_trial=is_trial,
        again=Again(errand.form.action, "foreseen.yes", _filled_in(errand) | sure),
        back=errand.form.page,
    )
    return over_whole_page(errand.request, answer)


def _filled_in(errand: Errand) -> dict[str, tuple[str, ...]]:
    """Return what was filled in, without how it was last sent."""
    fields = errand.form.to_keep().fields
    return {name: each for name, each in fields.items() if name not in _OF_SENDING}


def _keep(errand: Errand) -> None:
    """Let what was filled in wait for the page that it stands on."""
    errand.request.state.form = kept = errand.form.to_keep()
    drawer = Drawer(errand.now, kept)
    drawers_of(errand.request).put(errand.visitor.session, drawer)


async def _told(errand: Errand, message: Message) -> Response:
    request, visitor = errand.request, errand.visitor
    if not wants_part(request):
        return done(request, visitor, errand.form.page, message)
    owner, house = await owner_of(request, errand.extension), errand.house
    page = start_page(owner, house.catalog, house.site, house.now())
    # The part is put into the page that the form stands on.
    values = {"page": page, "told": message, "address": errand.form.page}
    return render_part(request, "start.html", "own", **values)
