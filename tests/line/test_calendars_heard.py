"""A booking in each kind of calendar closes a phone and opens it, as a call hears."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from calendar_places import OFTEN, PLACES, CalendarPlace
from line_sounds import level_change
from phones import Habits
from service import Service, running
from service_talk import of

from voice.divert.model import Extension, Source
from voice.sound.mouth import Mouth
from voice.store.links_port import Link
from voice.store.port import Listing, Who

pytestmark = [pytest.mark.line, pytest.mark.model]

CALLER = Habits(number="0701234567")
SECRET = "lönesamtal", "Bertil"
SUBJECT = f"SAM: {' med '.join(SECRET)}"
HOUR = timedelta(hours=1)
# Whose phones follow a calendar, in the order of the places.
STAFF = {
    Extension("1400"): "Karin Alm",
    Extension("1401"): "Lars Dahl",
    Extension("1402"): "Maria Fors",
    Extension("1403"): "Nils Gran",
}


@pytest.fixture
async def followed(
    tmp_path: Path, cache: Path
) -> AsyncIterator[tuple[Service, dict[Extension, CalendarPlace]]]:
    """Run the service for phones that follow a calendar of each kind."""
    async with AsyncExitStack() as opened:
        there = [opened.enter_context(place(tmp_path)) for place in PLACES]
        places = dict(zip(STAFF, there, strict=True))
        settings = "".join(place.settings for place in there)
        environment = {k: v for place in there for k, v in place.environment.items()}
        site = running(
            tmp_path / "site", cache, line=OFTEN + settings, environment=environment
        )
        service = await opened.enter_async_context(site)
        await couple(service, places)
        yield service, places


async def couple(service: Service, places: dict[Extension, CalendarPlace]) -> None:
    now = datetime.now(UTC)
    people = [Listing(each, name, coupled=True) for each, name in STAFF.items()]
    await service.store.directory.put(people, now, "test")
    for extension, place in places.items():
        link = Link(extension, place.kind, place.address)
        await service.store.links.put(link, now, "test")


@pytest.mark.parametrize("extension", STAFF, ids=[place.__name__ for place in PLACES])
async def test_a_booking_closes_a_phone_and_its_removal_opens_it(
    studio, followed, extension
):
    service, places = followed
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    start, end = now - HOUR, now + 2 * HOUR
    name = places[extension].book(SUBJECT, start, end)
    divert = await service.closes(extension)
    assert (divert.reason, divert.source) == ("SAM", Source.CALENDAR)
    assert (divert.start, divert.until) == (start, end)
    await hears_why(studio, service, extension)
    places[extension].remove(name)
    await service.opens(extension)
    await is_put_through(studio, service, extension)
    calls = await service.calls(ended=2)
    assert [call.outcome for call in calls] == ["hung_up", "transferred"]
    for word in SECRET:
        assert word not in " ".join([*service.told, *await said(service)])


async def hears_why(studio, service: Service, extension: Extension) -> None:
    """Call a closed phone, and hear why nobody answers and until when."""
    phone = await studio.phone(habits=CALLER)
    phone.order(f"dial sip:{extension}@{service.to}")
    await phone.says("Call established")
    why = f"{STAFF[extension]} är på sammanträde, åter "
    await service.heard(why)
    (told,) = [text for text in await said(service) if text.startswith(why)]
    async with Mouth() as mouth:
        prompt = await mouth.say(told)
    heard = await phone.hears(prompt)
    assert abs(level_change(prompt, phone.heard, heard)) < 0.5
    await phone.off()


async def said(service: Service) -> list[str]:
    """Return all that the attendant has said in calls."""
    calls = await service.store.transcripts.calls()
    turns = [await service.store.transcripts.turns(call.id) for call in calls]
    return [text for each in turns for text in of(Who.ATTENDANT, each)]


async def is_put_through(studio, service: Service, extension: Extension) -> None:
    """Call an open phone, and be answered at it."""
    answers = Habits(f"9{extension}", account=";answermode=auto", port=service.exchange)
    rings = await studio.phone(habits=answers)
    phone = await studio.phone(habits=CALLER)
    phone.order(f"dial sip:{extension}@{service.to}")
    await rings.says("Call established")
    phone.order("hangup")
    await rings.says("terminated", "session closed")
    await rings.off()
