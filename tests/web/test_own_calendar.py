"""Min startsida: why a phone is as it is, its calendar's faults, and days to come."""

import inspect
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from own_diverts import SAM, SEM, by_phone, text_of
from web_house import ANNA, BO, NOW, Browser, Web

from voice.divert import rules
from voice.divert.advice import Snag
from voice.divert.model import (
    Divert,
    Entry,
    EntryKey,
    Extension,
    FollowCalendar,
    Mark,
    Mode,
    SetDivert,
    Slip,
    Source,
)
from voice.store.links_port import Kept, Link, LinkKind, Progress
from voice.web.words import Language

HOUR = timedelta(hours=1)
TOMORROW = NOW + 22 * HOUR
CLOSING = Mark(SAM, Mode.CLOSED)


def entry(key: str, mark: Mark | None = CLOSING, **more: object) -> Entry:
    return Entry(EntryKey(key), mark, TOMORROW, TOMORROW + HOUR, **more)


async def linked(
    web: Web, *entries: Entry, extension: Extension = ANNA, **read: object
) -> None:
    """Let somebody have a calendar that was read just now, or otherwise."""
    link = Link(extension, LinkKind.GOOGLE, f"{extension}@example.org")
    await web.store.links.put(link, NOW, "test")
    listing = await web.store.directory.find(extension)
    await web.store.directory.put([replace(listing, coupled=True)], NOW, "test")
    progress = Progress(**{"read_at": NOW} | read)
    assert await web.store.links.keep(link, progress, Kept(entries))


async def followed(web: Web, *diverts: Divert) -> None:
    await web.house.obey(FollowCalendar(ANNA, diverts), NOW, Source.CALENDAR)


def booked(start, until, reason=SAM) -> Divert:
    return Divert(ANNA, reason, start, until, Mode.CLOSED, Source.CALENDAR, NOW)


async def test_a_phone_without_a_calendar_says_so(anna: Browser):
    assert "Din telefon följer ingen kalender." in anna.page


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ({"read_at": NOW}, "Kalendern lästes alldeles nyss."),
        (
            {"read_at": NOW - timedelta(minutes=7)},
            "Kalendern lästes för 7 minuter sedan.",
        ),
        ({"read_at": None}, "Kalendern är inte läst än."),
        (
            {"read_at": NOW - HOUR, "failing_since": NOW - HOUR / 2},
            "har inte gått att läsa sedan i dag 11:10.",
        ),
    ],
)
async def test_how_old_the_reading_of_the_calendar_is(
    web: Web, read: dict[str, object], told: str
):
    await linked(web, **read)
    await followed(web, booked(NOW, NOW + HOUR))
    anna = await web.logged_in("anna")
    card, _, why = anna.page.partition("Varför är min telefon stängd?")
    assert told in text_of(card)
    assert told in text_of(why.partition("</details>")[0])
    assert told in text_of(anna.page.partition("Min kalender")[2])


async def test_why_a_phone_is_closed_names_what_counts_and_what_waits(web: Web):
    await followed(web, booked(NOW - HOUR, NOW + HOUR, SEM))
    await by_phone(web)
    anna = await web.logged_in("anna")
    why = text_of(anna.page.partition("Varför är min telefon stängd?")[2])
    assert "Det som gäller är sammanträde, satt med rösten i dag 11:40." in why
    assert "semester, åter i dag 12:40, satt i kalendern" in why
    assert "det du själv har satt går före kalendern" in why


async def test_what_keeps_bookings_from_closing_the_phone_is_told_with_its_remedy(
    web: Web,
):
    await linked(
        web,
        entry("a", None, slip=Slip.NO_SIGN),
        entry("b", None, slip=Slip.NOT_FIRST),
        entry("c", all_day=True),
        entry("d", None, private=True),
    )
    anna = await web.logged_in("anna")
    page = text_of(anna.page)
    assert "i morgon 09:40 stänger inte telefonen: skriv kolon" in page
    assert "skriv koden allra först." in page
    assert "Heldagsbokningen i morgon stänger inte telefonen" in page
    assert "En privat bokning stänger aldrig telefonen." in page


async def test_a_reading_says_nothing_of_what_a_person_has_set(web: Web):
    await linked(web)
    await by_phone(web)
    anna = await web.logged_in("anna")
    card = anna.page.partition("Varför är min telefon stängd?")[0]
    assert "Kalendern" not in text_of(card)


async def test_others_never_see_what_is_amiss_in_a_calendar(web: Web):
    await linked(web, entry("a", None, slip=Slip.NO_SIGN))
    bo = await web.logged_in("bo")
    assert "skriv kolon" not in bo.page


async def test_how_many_phones_a_meeting_closes(web: Web):
    await linked(web, entry("a"))
    await linked(web, entry("a", invited=True), extension=BO)
    anna = await web.logged_in("anna")
    assert "Mötet i morgon 09:40 stänger 2 telefoner." in anna.page


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("snag", Snag)
def test_every_snag_has_its_words(web: Web, snag: Snag, language: Language):
    assert f"snag.{snag}" in web.house.words[language]


@pytest.mark.parametrize("language", Language)
def test_every_refusal_of_the_rules_has_its_words(web: Web, language: Language):
    whys = re.findall(r'Refused\("(\w+)"\)', inspect.getsource(rules))
    texts = web.house.words[language].texts
    assert {f"refused.{why}" for why in whys} == {
        key for key in texts if key.startswith("refused.")
    }


async def test_the_rest_of_today_and_the_day_to_come_are_rehearsed(web: Web):
    await by_phone(web)
    await followed(web, booked(TOMORROW, TOMORROW + HOUR))
    anna = await web.logged_in("anna")
    days = text_of(anna.page.partition("Dagarna framåt</h2>")[2])
    assert "Resten av i dag till 14:40: sammanträde stängd" in days
    assert "I morgon 09:40–10:40: sammanträde stängd" in days


async def test_a_day_with_nothing_is_open(anna: Browser):
    days = text_of(anna.page.partition("Dagarna framåt</h2>")[2])
    assert "I morgon Telefonen är öppen." in days


async def test_more_to_come_than_anybody_reads_is_counted(web: Web):
    day = timedelta(days=1)
    starts = [NOW + number * day for number in range(1, 14)]
    await followed(web, *(booked(start, start + HOUR) for start in starts))
    anna = await web.logged_in("anna")
    assert "Fler längre fram: 3." in anna.page


async def test_what_would_happen_tells_of_the_days_after_it(web: Web, anna: Browser):
    await anna.sends("/hanvisning", reason="SEM", until="2026-03-09", **{"try": "1"})
    days = text_of(anna.page.partition("Så skulle det se ut")[2])
    assert "I morgon hela dagen: semester stängd" in days
    assert "Anna Berg är på semester, åter på måndag." in days
    assert SetDivert(ANNA, SEM) not in await by_nobody(web)


async def by_nobody(web: Web) -> tuple[Divert, ...]:
    return (await web.store.diverts.standing(ANNA)).diverts
