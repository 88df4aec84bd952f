"""A made-up town: people, what stands on their phones, and calls that they made."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from web_house import ANNA, BO, GRAMMAR, PASSWORD, QUICK

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
    Source,
)
from voice.house import desk, read_catalog, site
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.accounts_port import Account, Login, Role
from voice.store.calls_port import Call, CallId, Turn, Who
from voice.store.links_port import Kept, Link, LinkKind, Progress
from voice.store.marks_port import Misheard
from voice.store.port import Listing, Store
from voice.trials.replay import open_play, replay

BY = "town"
BOSS = Login("eva")
"""Who may do everything, and has a phone too."""
EVA, SICK = Extension("1400"), Extension("1503")
LISTED_CALL, OPEN_CALL = CallId("samtal-att-lasa"), CallId("samtal-som-pagar")
CALLS = Path(__file__).parents[2] / "calls"
_PLAYS = (
    *("one-breath", "doubtful-yes", "three-misses", "help", "time-then-reason"),
    *("keys-divert", "undo-set", "doubtful-no", "goodbye", "repeat", "silent"),
)
_UNITS = {
    "Skolförvaltningen": ("Karin Lind", "Erik Sandberg", "Fatima Ali", "Olof Nyström"),
    "Hemtjänsten norr": ("Ingrid Holm", "Maryam Hassan", "Lars Öberg", "Per Wallin"),
    "Miljökontoret": ("Astrid Blom", "Johan Forsberg", "Sara Lindqvist", "Nils Dahl"),
    "Gatukontoret": ("Göran Åberg", "Lena Björk", "Mikael Ström", "Ulla Hedlund"),
    "Socialtjänsten": ("Helena Ekström", "Jonas Löfgren", "Zahra Abdi", "Gun Mattsson"),
    "Biblioteket": ("Camilla Nguyen", "Åke Söderberg", "Ebba Jönsson", "Arvid Lund"),
}
_REASONS = (
    *(("LUN", 0.7), ("SAM", 2), ("SEM", 96), ("TJÄ", 5), ("KUR", 7), ("SJU", 30)),
    *(("UTE", 0.4), ("HEM", 6), ("LDG", 48), ("GFD", 15)),
)


async def build(store: Store, now: datetime) -> None:
    """Let there be a town, as it is at an instant."""
    catalog = read_catalog(GRAMMAR)
    await store.directory.put(list(_people()), now, BY)
    await _account(store, now)
    await _absences(Door(store, site(catalog, now)), now)
    await _calendar(Door(store, site(catalog, now)), now)
    for ago, name in enumerate(_PLAYS, 1):
        await played(store, catalog, name, now - timedelta(minutes=23 * ago))
    await _months(store, now)
    await _conversation(store, now)
    await _goes_on(store, now)


def _people() -> Iterator[Listing]:
    yield Listing(ANNA, "Anna Berg", "Skolförvaltningen", mail="anna@stad.example")
    yield Listing(BO, "Bo Ek", "Växeln")
    yield Listing(EVA, "Eva Lundgren", "Kommunledningskontoret", search=("Evis",))
    number = 1500
    for unit, names in _UNITS.items():
        for name in names:
            yield Listing(Extension(str(number)), name, unit)
            number += 1


async def _account(store: Store, now: datetime) -> None:
    await store.accounts.put(Account(BOSS, frozenset(Role), now, EVA), now, BY)
    await store.passwords.put(BOSS, QUICK.hash(PASSWORD), now, BY)


async def _absences(door: Door, now: datetime) -> None:
    """Let some be away, of every reason, by every mouth and in both ways."""
    sources = cycle((Source.VOICE, Source.KEYS, Source.WEB, Source.OPERATOR))
    for nth, (code, hours) in enumerate(_REASONS):
        command = SetDivert(
            Extension(str(1500 + 2 * nth)),
            ReasonCode(code),
            now + timedelta(hours=hours),
            mode=Mode.INFORMING if nth % 4 == 3 else Mode.CLOSED,
            source=next(sources),
        )
        at = now - timedelta(minutes=7 * nth + 3)
        await door.obey(command, at, command.source)
    meeting = SetDivert(ANNA, ReasonCode("SAM"), now + timedelta(hours=2))
    await door.obey(meeting, now - timedelta(minutes=4), Source.VOICE)


async def _calendar(door: Door, now: datetime) -> None:
    """Let Eva's phone follow a calendar, and the reading of Bo's fail."""
    store = door.store
    link = Link(EVA, LinkKind.GOOGLE, "eva@stad.example")
    await store.links.put(link, now, BY)
    entries = tuple(_bookings(now))
    await store.links.keep(link, Progress(now - timedelta(minutes=2)), Kept(entries))
    wanted = tuple(
        Divert(EVA, e.mark.reason, e.start, e.end, Mode.CLOSED, Source.CALENDAR, now)
        for e in entries
        if e.mark is not None
    )
    keyed = (replace(d, entry=e.key) for d, e in zip(wanted, entries, strict=False))
    await door.obey(FollowCalendar(EVA, tuple(keyed)), now, Source.CALENDAR)
    failing = Link(BO, LinkKind.CALDAV, "https://moln.stad.example/bo/")
    progress = Progress(
        now - timedelta(days=1),
        failing_since=now - timedelta(hours=20),
        fault="refused",
        remedy="Give the calendar's password anew.",
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
    start = now + timedelta(hours=26)
    yield Entry(EntryKey("uncoded"), None, start, start + timedelta(hours=1))


async def played(store: Store, catalog: Catalog, name: str, at: datetime) -> None:
    """Let a call be made, as a screenplay says, by somebody who has nothing set."""
    caller = Extension(str(1501 + 2 * (_PLAYS.index(name) % 10)))
    play = open_play(CALLS / f"{name}.call", at, caller)

    async def tell(_: Turn) -> None:
        """Tell nobody."""

    await replay(play, desk(catalog, store, at), None, tell)


async def _months(store: Store, now: datetime) -> None:
    """Let there have been calls on earlier days, understood better and worse."""
    for day in range(1, 15):
        for nth in range(2):
            began = now - timedelta(days=day, hours=nth)
            score = 0.97 - 0.04 * ((day * 7 + nth) % 9)
            caller = Extension(str(1500 + (day * 5 + nth) % 24))
            said = Turn(2, Who.CALLER, "hänvisning lunch", score, _meant(score), "")
            call = Call(CallId(f"dag-{day}-{nth}"), "4949", caller, began)
            turns = (Turn(0, Who.ATTENDANT, "Telefonisten."), said)
            await _told(store, call, turns, "hung_up", timedelta(seconds=9))


def _meant(score: float) -> str:
    if score < 0.7:
        return json.dumps({"why": "unclear"})
    return json.dumps(
        {"command": "set_divert", "reason": "LUN", "sure": score > 0.8},
    )


async def _conversation(store: Store, now: datetime) -> None:
    """Let there be a call to read: something doubtful in it, missed, and marked."""
    unclear = json.dumps({"why": "unclear"})
    sure = {"command": "set_divert", "reason": "SAM"}
    turns = (
        Turn(0.0, Who.ATTENDANT, "Telefonisten."),
        Turn(1.6, Who.CALLER, "sammanträde till kvart i", 0.52, unclear),
        Turn(4.1, Who.ATTENDANT, "Förlåt, säg det igen."),
        Turn(6.2, Who.CALLER, "lunch till kvart i fem", 0.71, _meant(0.71)),
        Turn(9.0, Who.ATTENDANT, "Lunch, åter sexton och fyrtiofem. Stämmer det?"),
        Turn(12.4, Who.CALLER, "nej sammanträde", 0.94, json.dumps(sure), "DivertSet"),
        Turn(15.2, Who.ATTENDANT, "Sammanträde, åter sexton och fyrtiofem. Klart."),
        Turn(18.0, Who.KEYS, "#23#", None, None),
        Turn(19.1, Who.ATTENDANT, "Hänvisningen är borttagen."),
    )
    call = Call(LISTED_CALL, "4949", SICK, now - timedelta(minutes=11))
    await _told(store, call, turns, "hung_up", timedelta(seconds=22))
    mark = Misheard(LISTED_CALL, 3, "sammanträde till kvart i fem", "bo", now)
    await store.marks.put(mark)


async def _told(
    store: Store, call: Call, turns: Sequence[Turn], outcome: str, lasts: timedelta
) -> None:
    await store.transcripts.begin(call)
    for turn in turns:
        await store.transcripts.add(call.id, turn)
    await store.transcripts.end(call.id, outcome, call.began + lasts)


async def _goes_on(store: Store, now: datetime) -> None:
    """Let a call go on, in which something has been said."""
    call = Call(OPEN_CALL, "4949", Extension("1501"), now - timedelta(seconds=20))
    await store.transcripts.begin(call)
    for turn in (
        Turn(0.0, Who.ATTENDANT, "Telefonisten."),
        Turn(1.8, Who.CALLER, "tjänsteärende till halv tre", 0.96, _meant(0.96)),
        Turn(4.0, Who.ATTENDANT, "Tjänsteärende, åter fjorton och trettio. Klart."),
    ):
        await store.transcripts.add(call.id, turn)
