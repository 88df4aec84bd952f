"""A made-up town: people, what stands on their phones, and months of calls."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle

from voice.divert.model import (
    Divert,
    Entry,
    EntryKey,
    Extension,
    FollowCalendar,
    Mark,
    Mode,
    ReasonCode,
    SetDivert,
    Slip,
    Source,
)
from voice.obey import Door
from voice.store.calls_port import Call, CallId, Turn, Who
from voice.store.links_port import Kept, Link, LinkKind, Progress
from voice.store.port import Listing, Store

BY = "command line"
ANNA, BO, EVA = Extension("1234"), Extension("1300"), Extension("1400")
"""A person, somebody of the exchange, and somebody who may do everything."""
FIRST = 1500
"""The first extension of all the others."""
_UNITS = {
    "Skolförvaltningen": ("Karin Lind", "Erik Sandberg", "Fatima Ali", "Olof Nyström"),
    "Hemtjänsten norr": ("Ingrid Holm", "Maryam Hassan", "Lars Öberg", "Per Wallin"),
    "Miljökontoret": ("Astrid Blom", "Johan Forsberg", "Sara Lindqvist", "Nils Dahl"),
    "Gatukontoret": ("Göran Åberg", "Lena Björk", "Mikael Ström", "Ulla Hedlund"),
    "Socialtjänsten": ("Helena Ekström", "Jonas Löfgren", "Zahra Abdi", "Gun Mattsson"),
    "Biblioteket": ("Camilla Nguyen", "Åke Söderberg", "Ebba Jönsson", "Arvid Lund"),
}
_REASONS = (
    *(("LUN", 0.7), ("SAM", 2), ("SEM", 96), ("TJÄ", 5), ("KUR", 7), ("SJK", 30)),
    *(("UTE", 0.4), ("HEM", 6), ("LDG", 48), ("GFD", 15)),
)
_SAID = (
    *(("LUN", "hänvisning lunch"), ("SAM", "sammanträde till halv tre")),
    *(("LUN", "lunch"), ("SEM", "semester till måndag"), ("SAM", "sammanträde")),
    ("TJÄ", "hänvisning tjänsteärende"),
)


async def build_town(door: Door, now: datetime) -> None:
    """Let there be a town, as it is at an instant."""
    await door.store.directory.put(list(_people()), now, BY)
    await _absences(door, now)
    await _calendar(door, now)
    await _earlier_days(door.store, now)


def _people() -> Iterator[Listing]:
    yield Listing(ANNA, "Anna Berg", "Skolförvaltningen", mail="anna@stad.example")
    yield Listing(BO, "Bo Ek", "Växeln", coupled=True)
    unit = "Kommunledningskontoret"
    yield Listing(EVA, "Eva Lundgren", unit, coupled=True, search=("Evis",))
    number = FIRST
    for unit, names in _UNITS.items():
        for name in names:
            yield Listing(Extension(str(number)), name, unit)
            number += 1


async def _absences(door: Door, now: datetime) -> None:
    """Let some be away, of every reason, by every mouth and in both ways."""
    sources = cycle((Source.VOICE, Source.KEYS, Source.WEB, Source.OPERATOR))
    for nth, (code, hours) in enumerate(_REASONS):
        command = SetDivert(
            Extension(str(FIRST + 2 * nth)),
            ReasonCode(code),
            now + timedelta(hours=hours),
            mode=Mode.INFORMING if nth % 4 == 3 else Mode.CLOSED,
            source=next(sources),
        )
        at = now - timedelta(minutes=7 * nth + 3)
        await door.obey(command, at, command.source)
    meeting = SetDivert(ANNA, ReasonCode("SAM"), now + timedelta(hours=2))
    await door.obey(meeting, now - timedelta(minutes=1), Source.VOICE)


async def _calendar(door: Door, now: datetime) -> None:
    """Let Eva's phone follow a calendar, and the reading of Bo's fail."""
    store = door.store
    link = Link(EVA, LinkKind.GOOGLE, "eva@stad.example")
    await store.links.put(link, now, BY)
    entries = tuple(_bookings(now))
    await store.links.keep(link, Progress(now - timedelta(minutes=2)), Kept(entries))
    wanted = tuple(
        Divert(
            *(EVA, e.mark.reason, e.start, e.end, Mode.CLOSED, Source.CALENDAR, now),
            entry=e.key,
        )
        for e in entries
        if e.mark is not None and not e.tentative
    )
    await door.obey(FollowCalendar(EVA, wanted), now, Source.CALENDAR)
    failing = Link(BO, LinkKind.CALDAV, "https://moln.stad.example/bo/")
    progress = Progress(
        now - timedelta(days=1),
        failing_since=now - timedelta(hours=20),
        fault="AccessDeniedError",
        remedy="The calendar's server refused the password: give it anew.",
    )
    await store.links.put(failing, now, BY)
    await store.links.keep(failing, progress, Kept())


def _bookings(now: datetime) -> Iterator[Entry]:
    for nth, (code, after, lasts) in enumerate(
        (("SAM", -1, 3), ("LUN", 4, 1), ("TJÄ", 22, 5), ("SEM", 48, 72))
    ):
        start = now + timedelta(hours=after)
        mark = Mark(ReasonCode(code), Mode.CLOSED)
        yield Entry(EntryKey(f"e{nth}"), mark, start, start + timedelta(hours=lasts))
    for name, after, wrong in (
        ("uncoded", 26, {}),
        ("no-sign", 2, {"slip": Slip.NO_SIGN}),
        ("tentative", 3, {"mark": Mark(ReasonCode("SAM"), Mode.CLOSED)}),
    ):
        start = now + timedelta(hours=after)
        booked = Entry(EntryKey(name), None, start, start + timedelta(hours=1))
        yield replace(booked, tentative=name == "tentative", **wrong)


async def _earlier_days(store: Store, now: datetime) -> None:
    """Let there have been calls on earlier days, understood better and worse."""
    for day in range(1, 15):
        for nth, (code, text) in enumerate(_SAID):
            began = now - timedelta(days=day, hours=nth)
            score = 0.99 - 0.02 * ((day * 7 + nth * 5) % 12)
            if (day * 5 + nth) % 11 == 0:
                score = 0.5
            caller = Extension(str(FIRST + (day * 5 + nth) % 24))
            meaning = meant(score, code)
            said = Turn(2, Who.CALLER, text, score, meaning, "", "start")
            call = Call(CallId(f"dag-{day}-{nth}"), "4949", caller, began)
            turns = (Turn(0, Who.ATTENDANT, "Telefonisten."), said)
            await told(store, call, turns, "hung_up", timedelta(seconds=9))


def meant(score: float, code: str = "LUN") -> str:
    """Return what a reason means that was heard so surely, as transcripts keep it."""
    if score < 0.7:
        return json.dumps({"why": "unclear"})
    return json.dumps(
        {"command": "set_divert", "reason": code, "sure": score > 0.8},
    )


async def told(
    store: Store, call: Call, turns: Sequence[Turn], outcome: str, lasts: timedelta
) -> None:
    """Let there have been a call."""
    await store.transcripts.begin(call)
    for turn in turns:
        await store.transcripts.add(call.id, turn)
    await store.transcripts.end(call.id, outcome, call.began + lasts)
