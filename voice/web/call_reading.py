"""Reads what pages show of calls."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import cast

from starlette.requests import Request

from voice.divert.model import Extension
from voice.store.audit_port import AuditEntry, ChangesWanted
from voice.store.calls_port import Call, CallId
from voice.store.port import UnknownExtensionError
from voice.store.search_port import CallsWanted
from voice.web.names import Names
from voice.web.pages.call import AT_ONCE, CORRECTED, Read
from voice.web.pages.calls import LATEST, Going, callers, going
from voice.web.pages.correction import Correction, correction
from voice.web.rendering import house_of

_MOST_GOING_ON = 100
# What a call did is written down a little after it was said.
_AFTER = timedelta(seconds=5)
_MOST_CHANGES = 50
_MOUTHS = ("voice", "keys")


async def names_of(
    request: Request, extensions: Collection[Extension]
) -> Mapping[Extension, str]:
    """Return what some people are called."""
    names = cast(Names, request.app.state.names)
    return await names.of(extensions) if extensions else {}


async def going_on(request: Request, wanted: CallsWanted) -> tuple[Going, ...]:
    """Return the calls that go on, each with what was said in it last."""
    house = house_of(request)
    search = house.store.search
    found = (await search.find(wanted, limit=_MOST_GOING_ON)).calls
    names = await names_of(request, callers([each.call for each in found]))
    shown: list[Going] = []
    for each in found:
        first = max(0, each.turns - LATEST)
        # One more than was counted: some may have been said since.
        turns = await search.turns(each.call.id, first, 2 * LATEST)
        shown.append(going(each.call, turns, first, names, house.discretion))
    return tuple(shown)


async def read_call(request: Request, call: CallId, first: int) -> Read:
    """Return a call from one of its turns on; UnknownCallError where there is none."""
    store = house_of(request).store
    found = await store.search.call(call)
    return Read(
        found=found,
        first=first,
        turns=await store.search.turns(call, first, AT_ONCE),
        marks=await store.marks.of(call),
        entries=await _changes(request, found.call),
    )


async def correction_of(request: Request, call: Call) -> Correction | None:
    """Return what can be set right; None where nobody in the directory called."""
    if call.caller is None:
        return None
    house = house_of(request)
    try:
        stands = await house.store.diverts.standing(call.caller)
    except UnknownExtensionError:
        return None
    return correction(call.caller, stands, house.discretion, house.site, house.now())


async def _changes(request: Request, call: Call) -> tuple[AuditEntry, ...]:
    """Return what was changed while a call went on, and afterwards because of it."""
    if call.caller is None:
        return ()
    audit = house_of(request).store.audit
    until = None if call.ended is None else call.ended + _AFTER
    during = ChangesWanted(extension=call.caller, since=call.began, until=until)
    after = ChangesWanted(subject=call.id, event=CORRECTED)
    changes = (await audit.find(during, limit=_MOST_CHANGES)).changes
    set_right = (await audit.find(after, limit=_MOST_CHANGES)).changes
    # Those by the caller's own mouths: a calendar may have been read meanwhile.
    by_caller = (noted for noted in changes if noted.entry.by in _MOUTHS)
    return tuple(noted.entry for noted in (*by_caller, *set_right))
