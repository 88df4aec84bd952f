"""`calendar advice`: what keeps somebody's bookings from closing their phone."""

import asyncio
from datetime import datetime, timedelta

from rich.table import Table

from voice.commands.coupling import LinkError
from voice.commands.coupling import calendars as calendars
from voice.commands.linked import age_of
from voice.commands.options import (
    Json,
    Now,
    StoreUrl,
    console,
    instant,
    settings,
    store_at,
    tell,
)
from voice.commands.people import Number
from voice.coupling.diaries import diary_of
from voice.divert.advice import Advice, Snag
from voice.divert.diary import Diary, Meeting
from voice.divert.explained import Counted
from voice.divert.model import Extension
from voice.divert.walltime import local
from voice.house import read_catalog, site
from voice.obey import Door

# Further ahead no calendar is read.
_AHEAD = timedelta(days=366)
_REMEDIES = {
    Snag.NO_SIGN: "its code lacks its sign: write a colon straight after the code",
    Snag.NOT_FIRST: "its code is not first: begin the subject with it",
    Snag.ALL_DAY: "it is all day: give it a start and an end time",
    Snag.NO_LENGTH: "it ends when it begins: give it a later end",
    Snag.FREE: "it is shown as free, which does not count here: show it as busy",
    Snag.TENTATIVE: "it is tentative, which does not count here: accept it",
    Snag.SERIES: "its series closes day by day: make it one unbroken booking, and "
    "callers hear the true return",
    Snag.PRIVATE: "there are private bookings: those never close the phone",
}


@calendars.command(epilog="Example: telefonist calendar advice 1234")
def advice(
    number: Number, now: Now = None, store: StoreUrl = None, as_json: Json = False
) -> None:
    """Say what keeps coming bookings from closing a phone, and what mends it."""
    extension, at = Extension(number), instant(now)
    diary = asyncio.run(_diary(extension, at, store))
    if diary is None:
        raise LinkError(
            f"{number} follows no calendar: `telefonist calendar link` first."
        )
    if as_json:
        for record in _records(diary):
            tell(record)
    else:
        _print(diary)


async def _diary(extension: Extension, at: datetime, url: str | None) -> Diary | None:
    chosen = settings()
    rules = site(read_catalog(chosen.grammar), at)
    counted = Counted(chosen.calendars.free, chosen.calendars.tentative)
    async with store_at(url) as opened:
        await opened.directory.find(extension)
        days = [(at, at + _AHEAD)]
        return await diary_of(extension, Door(opened, rules), counted, days, at)


def _records(diary: Diary) -> list[dict[str, object]]:
    return [
        _reading(diary),
        *map(_snag, diary.advice),
        *map(_meeting, diary.meetings),
    ]


def _reading(diary: Diary) -> dict[str, object]:
    age, since = diary.age, diary.failing_since
    return {
        "kind": "reading",
        "read_at": diary.read_at and diary.read_at.isoformat(),
        "age_seconds": age and age.total_seconds(),
        "failing_since": since and since.isoformat(),
    }


def _snag(told: Advice) -> dict[str, object]:
    hidden = told.snag is Snag.PRIVATE
    return {
        "kind": "snag",
        "snag": told.snag.value,
        "start": None if hidden else local(told.start).isoformat(),
        "end": None if hidden else local(told.end).isoformat(),
        "reason": told.reason,
        "remedy": _REMEDIES[told.snag],
    }


def _meeting(meeting: Meeting) -> dict[str, object]:
    start = local(meeting.start).isoformat()
    return {"kind": "meeting", "start": start, "phones": meeting.phones}


def _print(diary: Diary) -> None:
    console.print("The calendar was read:", age_of(diary.read_at, diary.at))
    if diary.failing_since is not None:
        console.print(f"It cannot be read since {_shown(diary.failing_since)}.")
    table = Table("booking", "code", "what is wrong, and what mends it", box=None)
    for told in diary.advice:
        booking = "" if told.snag is Snag.PRIVATE else _shown(told.start)
        table.add_row(booking, told.reason, _REMEDIES[told.snag])
    console.print(table if diary.advice else "Nothing is amiss with what is booked.")
    for meeting in diary.meetings:
        console.print(
            f"The meeting {_shown(meeting.start)} closes {meeting.phones} phones."
        )


def _shown(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"
