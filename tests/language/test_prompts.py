"""Every prompt is spoken by something, and can be filled with what it is given."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from diary_samples import FOUND
from said import CATALOG, EXTENSION, ROOT

from voice.dialogue.actions import Absent, Say
from voice.dialogue.heard import (
    Asked,
    Connected,
    Deaf,
    Digits,
    Found,
    Happened,
    Identified,
    Meant,
    No,
    NotConnected,
    NotIdentified,
    NotListed,
    Routed,
    Silent,
    TimeIsUp,
    Topic,
    Unclear,
    Yes,
)
from voice.dialogue.opening import answer, ask_pin, ask_who
from voice.dialogue.people import Person, Picked, Sought
from voice.dialogue.states import (
    Announcing,
    AskedChange,
    AskedDivert,
    AskedExtension,
    AskedName,
    AskedPin,
    AskedReason,
    Choosing,
    Confirming,
    Ended,
    Finding,
    Identifying,
    Keying,
    Looking,
    Offering,
    Patience,
    PuttingThrough,
    Rehearsing,
    Routing,
    Start,
)
from voice.dialogue.step import step
from voice.divert.model import (
    ChangeDivert,
    ChangeUndone,
    ClearDivert,
    Divert,
    DivertChanged,
    DivertsCleared,
    DivertSet,
    Mode,
    Refused,
    SetDivert,
    Source,
    UndoChange,
    Until,
)
from voice.divert.routing import Announce, Inform, Outlook, Ring
from voice.divert.walltime import at
from voice.house import red_days
from voice.language.needs import NEEDS
from voice.language.prompts import speaker
from voice.language.times import Moment

NOW = at(date(2026, 3, 4), time(10))
MOMENT = Moment(NOW, red_days(2026), CATALOG.parts)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
SAM = Divert(
    EXTENSION, "SAM", NOW - HOUR, NOW + HOUR, Mode.CLOSED, Source.VOICE, NOW - HOUR
)
DIVERTS = [
    SAM,
    *(replace(SAM, source=source) for source in Source),
    replace(SAM, mode=Mode.INFORMING),
    replace(SAM, until=None),
    replace(SAM, start=NOW + 2 * DAY, until=NOW + 9 * DAY),
    replace(SAM, start=NOW + DAY, until=None),
    replace(SAM, until=NOW + DAY + 5 * MINUTE),
    replace(SAM, until=NOW + 2 * DAY + 30 * MINUTE),
]
LENGTHS = [MINUTE, HOUR, 90 * MINUTE, 2 * HOUR, -15 * MINUTE, DAY, 2 * DAY]
COMMANDS = [
    *(SetDivert(EXTENSION, "SAM", until) for until in (None, NOW + HOUR, *Until)),
    SetDivert(EXTENSION, "SAM", NOW + HOUR, mode=Mode.INFORMING),
    SetDivert(EXTENSION, "SAM", NOW + 2 * DAY, NOW + DAY),
    ClearDivert(EXTENSION),
    ClearDivert(EXTENSION, "SAM"),
    UndoChange(EXTENSION),
    *(ChangeDivert(EXTENSION, None, length) for length in LENGTHS),
    *(
        ChangeDivert(EXTENSION, reason, to)
        for reason in (None, "LUN")
        for to in (NOW + HOUR, Until.CLEARED)
    ),
    ChangeDivert(EXTENSION, "LUN"),
]
# Everything that the rules and the codes can refuse, as they spell it.
WHYS = {
    why
    for path in (ROOT / "voice/divert").glob("*.py")
    for why in re.findall(r'Refused\(\s*"(\w+)"', path.read_text("utf-8"))
}
EVENTS = [
    *map(DivertSet, DIVERTS),
    DivertsCleared((SAM,)),
    DivertsCleared((SAM, SAM)),
    DivertChanged(SAM, SAM),
    ChangeUndone((SAM,), ()),
    *map(Refused, sorted(WHYS)),
]
OUTLOOKS = [Outlook(), Outlook(SAM), Outlook(SAM, then=SAM)]
AWAKE = [
    Start(),
    AskedDivert(None),
    AskedDivert(SAM),
    AskedReason(),
    AskedChange(SAM),
    Confirming(ClearDivert(EXTENSION)),
    *map(Looking, (Topic.DIVERT, Topic.CHANGE, Topic.STATUS, Topic.WHY, Topic.TODAY)),
]
IMPATIENT = [
    replace(state, patience=Patience(misses, 1))
    for state in AWAKE
    if not isinstance(state, Looking)
    for misses in (1, 2)
]
BERGS = tuple(Person(str(1300 + n), "Anna Berg", f"Skola {n}") for n in range(4))
LUNDS = tuple(Person(str(1400 + n), f"Bo{n} Lund", f"Vård {n}") for n in range(4))
GROUPS = [
    *(persons[:count] for persons in (BERGS, LUNDS) for count in (1, 2, 4)),
    *(tuple(replace(p, unit="") for p in group[:3]) for group in (BERGS, LUNDS)),
]
ELSEWHERE = [
    *map(AskedName, (0, 2)),
    *(Choosing(group, tries) for group in GROUPS[1:] for tries in (0, 2)),
    *map(Finding, (0, 2)),
    Offering(EXTENSION),
    *(Keying(*how) for how in ((), (True,), (True, True))),
    *(AskedExtension(Start(), tries) for tries in (0, 2)),
    *(AskedPin(Start(), EXTENSION, tries) for tries in (0, 2)),
    *(Identifying(then, tries) for then in (Start(), Keying()) for tries in (0, 2)),
    *(Routing(EXTENSION, told, n) for told in (None, SAM) for n in (0, 1, 3)),
    Announcing(EXTENSION, SAM),
]
IMPATIENT += [
    replace(state, patience=Patience(misses, 1))
    for state in ELSEWHERE
    if hasattr(state, "patience")
    for misses in (1, 2)
]
THROUGH = [*map(PuttingThrough, (Start(), Ended()))]
STATES = [*AWAKE, *IMPATIENT, *ELSEWHERE, *THROUGH, *map(Rehearsing, AWAKE), Ended()]
HEARD = [
    *(Meant(command, sure) for command in COMMANDS for sure in (True, False)),
    *map(Asked, Topic),
    *(Yes(), No(), Unclear(), Silent(), TimeIsUp()),
    *(Happened(event, left) for event in EVENTS for left in OUTLOOKS),
    *(Deaf(), Digits("1"), Identified(), NotIdentified(), Connected(), NotConnected()),
    NotListed(),
    *(*map(Sought, GROUPS), Sought(), Picked(1)),
    *(Routed(EXTENSION, "Anna", where) for where in (Ring(), Inform(SAM))),
    *(Routed(EXTENSION, "Anna", Announce(SAM, t, t)) for t in (None, NOW + HOUR)),
    *map(Found, (*OUTLOOKS, Outlook(coming=SAM), *map(Outlook, DIVERTS))),
    *FOUND,
]


# What is said round the dialogue: while something takes long, and when it breaks.
AROUND = {
    "advice_kept",
    "one_moment",
    "call_is_recorded",
    "something_failed",
    "outer_unknown",
}


class Noted(dict[str, str]):
    """Prompts that remember which of them were taken."""

    def __init__(self, prompts: dict[str, str]) -> None:
        super().__init__(prompts)
        self.taken: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.taken.add(key)
        return super().__getitem__(key)


def says() -> Iterator[Say]:
    """Yield everything that is said anywhere, about anything."""
    openings = [answer(), ask_who(Start()), ask_pin(Start(), EXTENSION)]
    turns = [*openings, *(step(state, heard) for state in STATES for heard in HEARD)]
    for _, actions in turns:
        yield from (action for action in actions if isinstance(action, Say))


def test_every_prompt_is_spoken_and_every_spoken_one_is_written():
    prompts = Noted(dict(CATALOG.prompts))
    fills = speaker(replace(CATALOG, prompts=prompts), MOMENT)
    for say in set(says()):
        assert fills.sentence(say)
    assert prompts.taken | AROUND == NEEDS.keys() == CATALOG.prompts.keys()


def test_every_refusal_has_words():
    assert WHYS
    assert WHYS - NEEDS.keys() == set()


def announced(code: str) -> str:
    away = Announce(replace(SAM, reason=code), NOW + HOUR, NOW + HOUR)
    return speaker(CATALOG, MOMENT).sentence(Say("announced", Absent("Anna", away)))


@pytest.mark.parametrize("code", CATALOG.reasons)
def test_others_hear_a_reason_by_its_outer_wording(code):
    outer = CATALOG.wordings[code].outer
    assert announced(code) == f"Anna är {outer}, åter klockan elva."


@pytest.mark.parametrize("code", ["SJK", "VAB"])
def test_nobody_else_hears_that_somebody_is_ill(code):
    assert announced(code) == "Anna är inte i tjänst, åter klockan elva."


def test_a_reason_that_the_site_has_taken_away_is_told_without_its_name():
    assert announced("XYZ") == "Anna är inte på plats, åter klockan elva."


@pytest.mark.parametrize(
    ("say", "sentence"),
    [
        (
            Say("status", SAM),
            "Du är hänvisad: sammanträde, åter klockan elva. Det är satt med rösten.",
        ),
        (
            Say("status", replace(SAM, mode=Mode.INFORMING)),
            "Din telefon är öppen, med besked: sammanträde, åter klockan elva. "
            "Det är satt med rösten.",
        ),
        # A return on a Saturday is spoken as the Monday after it.
        (
            Say("status", replace(SAM, until=NOW + 3 * DAY)),
            "Du är hänvisad: sammanträde, åter på måndag. Det är satt med rösten.",
        ),
        (
            Say("diverts_cleared", Happened(DivertsCleared((SAM,) * 3))),
            "Tre hänvisningar är borttagna. Din telefon är öppen.",
        ),
        (
            Say("did_you_mean", SetDivert(EXTENSION, "SEM", NOW + 9 * DAY, NOW + DAY)),
            "Semester från i morgon klockan tio, "
            "åter fredag den trettonde mars klockan tio. Stämmer det?",
        ),
    ],
)
def test_a_prompt_is_filled_as_a_person_would_say_it(say, sentence):
    assert speaker(CATALOG, MOMENT).sentence(say) == sentence


def test_seconds_are_not_spoken():
    late = replace(MOMENT, now=NOW + timedelta(seconds=59))
    beginning = replace(SAM, start=NOW)
    spoken = speaker(CATALOG, late).sentence(Say("status", beginning))
    assert spoken.startswith("Du är hänvisad: sammanträde, åter klockan elva. ")
