"""What was asked for and what came of it, each in one line of either language."""

from dataclasses import replace
from datetime import timedelta

import pytest
from web_house import ANNA, GRAMMAR, NOW

from voice.divert.model import (
    CalendarFollowed,
    ChangeDivert,
    ChangeUndone,
    ClearDivert,
    Divert,
    DivertChanged,
    DivertsCleared,
    DivertSet,
    FollowCalendar,
    Mode,
    ReasonCode,
    Refused,
    SetDivert,
    Site,
    Source,
    Standing,
    UndoChange,
    Until,
)
from voice.store.port import Listing
from voice.web.dates import Dates
from voice.web.pages.foreseen import Teller, foresee
from voice.web.pages.start import Owner
from voice.web.words import Language
from voice.web_service import read_web_words

HOUR = timedelta(hours=1)
SAM, LUN = ReasonCode("SAM"), ReasonCode("LUN")
MEETING = Divert(ANNA, SAM, NOW, NOW + HOUR, Mode.CLOSED, Source.VOICE, NOW)
ENDLESS = replace(MEETING, until=None)
LATER = replace(MEETING, start=NOW + HOUR, until=NOW + 2 * HOUR)
WORDS = read_web_words(GRAMMAR)


def teller(catalog, language=Language.SWEDISH):
    return Teller(catalog, Dates(WORDS[language], NOW))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (SetDivert(ANNA, SAM), "sammanträde, så länge som det brukar vara"),
        (SetDivert(ANNA, SAM, NOW + HOUR), "sammanträde, åter i dag 12:40"),
        (SetDivert(ANNA, SAM, Until.CLEARED), "sammanträde, tills vidare"),
        (
            SetDivert(ANNA, SAM, Until.NEXT_WORKING_DAY),
            "sammanträde, till nästa arbetsdag",
        ),
        (
            SetDivert(ANNA, SAM, NOW + 2 * HOUR, NOW + HOUR, Mode.INFORMING),
            "sammanträde från i dag 12:40, åter i dag 13:40, med öppen telefon",
        ),
        (ClearDivert(ANNA), "ta bort allt som gäller nu"),
        (
            ClearDivert(ANNA, only=MEETING),
            "ta bort ”sammanträde, åter i dag 12:40”",
        ),
        (UndoChange(ANNA), "ångra den senaste ändringen"),
        (
            ChangeDivert(ANNA, LUN, only=MEETING),
            "ändra ”sammanträde, åter i dag 12:40” till ”lunch, åter i dag 12:40”",
        ),
        (
            ChangeDivert(ANNA, LUN, only=ENDLESS),
            "ändra ”sammanträde, tills vidare” till ”lunch, tills vidare”",
        ),
        (
            ChangeDivert(ANNA, None, HOUR, only=MEETING),
            "ändra ”sammanträde, åter i dag 12:40” till ”1 timme längre”",
        ),
        (ChangeDivert(ANNA, LUN, NOW + HOUR), "lunch, åter i dag 12:40"),
        (FollowCalendar(ANNA, ()), "Kalendern är läst."),
    ],
)
def test_what_is_asked_for_is_told_in_a_line(catalog, command, told):
    assert teller(catalog).wanted(command) == told
    assert "{" not in teller(catalog, Language.ENGLISH).wanted(command)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (DivertSet(MEETING), "Klart: sammanträde, åter i dag 12:40."),
        (
            DivertSet(replace(LATER, mode=Mode.INFORMING)),
            "Klart: sammanträde från i dag 12:40, åter i dag 13:40. "
            "Telefonen är öppen, med besked.",
        ),
        (
            DivertChanged(MEETING, ENDLESS),
            "Ändrat till sammanträde, tills vidare.",
        ),
        (DivertsCleared((MEETING,)), "Borttaget: sammanträde, åter i dag 12:40."),
        (DivertsCleared((MEETING, LATER)), "2 hänvisningar är borttagna."),
        (ChangeUndone((MEETING,), ()), "Den senaste ändringen är tillbakatagen."),
        (CalendarFollowed((), ()), "Kalendern är läst."),
        (
            Refused("until_has_passed"),
            "Den tiden har redan varit. Ingenting är ändrat.",
        ),
        (
            DivertSet(replace(MEETING, reason=ReasonCode("XYZ"))),
            "Klart: XYZ, åter i dag 12:40.",
        ),
    ],
)
def test_what_came_of_it_is_told_in_a_line(catalog, event, told):
    for language in Language:
        key, values = teller(catalog, language).outcome(event)
        assert (WORDS[language](key, **values) == told) is (language == "sv")


def test_what_is_foreseen_changes_nothing_and_tells_what_would_go_and_come(catalog):
    standing = Standing((MEETING,))
    owner = Owner(Listing(ANNA, "Anna Berg"), standing)
    wanted = SetDivert(ANNA, SAM, NOW + 3 * HOUR, source=Source.WEB)
    found = foresee(wanted, owner, catalog, Site(catalog.reasons), NOW)
    assert [each.until for each in found.gone] == [NOW + HOUR]
    assert [each.until for each in found.new] == [NOW + 3 * HOUR]
    assert found.stands.now == found.new[0]
    assert owner.standing == standing


def test_what_would_be_refused_leaves_all_as_it_is(catalog):
    owner = Owner(Listing(ANNA, "Anna Berg"), Standing((MEETING,)))
    wanted = SetDivert(ANNA, SAM, NOW - HOUR)
    found = foresee(wanted, owner, catalog, Site(catalog.reasons), NOW)
    assert (found.gone, found.new) == ((), ())
    assert found.event == Refused("until_has_passed")
    assert found.stands.now is not None
