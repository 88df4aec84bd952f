"""What stands on Anna's phone, for the tests of her own page."""

import re
from datetime import timedelta

from web_house import ANNA, NOW, Web

from voice.divert.model import Divert, ReasonCode, SetDivert, Source

SAM, LUN, SEM = ReasonCode("SAM"), ReasonCode("LUN"), ReasonCode("SEM")
MEETING = SetDivert(ANNA, SAM, NOW + timedelta(hours=3))


async def diverts(web: Web) -> tuple[Divert, ...]:
    return (await web.store.diverts.standing(ANNA)).diverts


async def only(web: Web) -> Divert:
    (divert,) = await diverts(web)
    return divert


async def by_phone(web: Web, command=MEETING) -> None:
    await web.house.obey(command, web.clock(), Source.VOICE)


def text_of(page: str) -> str:
    """Return what is read on a page, without its markup."""
    return " ".join(re.sub("<[^>]*>", "", page).split())
