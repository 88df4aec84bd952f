"""Min startsida: the forms that set, change, clear and take back one's own diverts."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from voice.divert.model import ClearDivert, Divert, UndoChange
from voice.divert.routing import counting
from voice.web.errand import Errand, begin
from voice.web.errand_answers import carry_out, conflict
from voice.web.errors import ChangedMeanwhileError
from voice.web.guard import AsPerson
from voice.web.pages.seals import seal, sealed
from voice.web.pages.wishes import Asked, changed_divert, new_divert

routes = APIRouter(include_in_schema=False)

NEW = "/hanvisning"


@routes.post(NEW)
async def new(request: Request, visitor: AsPerson) -> Response:
    """Set a divert."""
    errand = await begin(request, visitor)
    asked = new_divert(errand.wish, errand.here, errand.house.catalog)
    try:
        return await carry_out(errand, asked, errand.check_change)
    except ChangedMeanwhileError:
        return conflict(await errand.anew(), asked, (NEW, "conflict.anyway"))


@routes.post("/hanvisning/{mark}/andra")
async def change(request: Request, visitor: AsPerson, mark: str) -> Response:
    """Change a divert that stands as it was shown."""
    errand = await begin(request, visitor)
    divert, catalog = _shown(errand, mark), errand.house.catalog
    try:
        if divert is None:
            raise ChangedMeanwhileError
        asked = changed_divert(errand.wish, divert, errand.here, catalog)
        return await carry_out(errand, asked)
    except ChangedMeanwhileError:
        return _changed_meanwhile(await errand.anew())


@routes.post("/hanvisning/{mark}/ta-bort")
async def clear(request: Request, visitor: AsPerson, mark: str) -> Response:
    """Clear a divert that stands as it was shown."""
    errand = await begin(request, visitor)
    divert = _shown(errand, mark)
    asked = Asked(ClearDivert(errand.extension, only=divert))
    try:
        if divert is None:
            raise ChangedMeanwhileError
        return await carry_out(errand, asked)
    except ChangedMeanwhileError:
        errand = await errand.anew()
    now = errand.page.stands.now
    again = (f"/hanvisning/{now.seal}/ta-bort", "conflict.clear_this") if now else None
    return conflict(errand, asked, again)


@routes.post("/hanvisning/ta-bort")
async def clear_all(request: Request, visitor: AsPerson) -> Response:
    """Open the phone from all that holds, if that is what was shown."""
    errand = await begin(request, visitor)
    asked = Asked(ClearDivert(errand.extension))
    try:
        return await carry_out(errand, asked, errand.check_holding)
    except ChangedMeanwhileError:
        errand = await errand.anew()
    again = ("/hanvisning/ta-bort", "conflict.clear_all")
    return conflict(errand, asked, again if errand.page.stands.now else None)


@routes.post("/hanvisning/angra")
async def undo(request: Request, visitor: AsPerson) -> Response:
    """Take back the last change, if it is the one that was shown."""
    errand = await begin(request, visitor)
    asked = Asked(UndoChange(errand.extension))
    try:
        return await carry_out(errand, asked, errand.check_change)
    except ChangedMeanwhileError:
        errand = await errand.anew()
    again = ("/hanvisning/angra", "conflict.undo_this")
    return conflict(errand, asked, again if errand.page.undo else None)


def _shown(errand: Errand, mark: str) -> Divert | None:
    return sealed(errand.owner.standing.diverts, mark)


def _changed_meanwhile(errand: Errand) -> Response:
    """Offer what was filled in to the divert that counts now, or as a new one."""
    wish, here, catalog = errand.wish, errand.here, errand.house.catalog
    counts = counting(errand.owner.standing.diverts, errand.now)
    if counts is None:
        asked = new_divert(wish, here, catalog)
        return conflict(errand, asked, (NEW, "conflict.set_new"))
    asked = changed_divert(wish, counts, here, catalog)
    again = (f"/hanvisning/{seal(counts)}/andra", "conflict.change_this")
    return conflict(errand, asked, again)
