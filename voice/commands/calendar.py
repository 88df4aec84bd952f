"""`calendar`: what is read of people's calendars, and what it does to their phones."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from voice.calendars.feed import Fetched
from voice.calendars.ics import read_file, text_of
from voice.calendars.ics_entries import reaches, read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.port import Window
from voice.commands.options import Json, complain, console, settings, tell
from voice.divert.explained import Counted, Explained, explained
from voice.divert.model import Divert, Entry, Extension
from voice.divert.walltime import at, local
from voice.house import read_catalog, site

calendars = typer.Typer(help="Calendars that divert phones.", no_args_is_help=True)

_EXAMPLE = "Example: telefonist calendar explain anna.ics"
# Whose calendar it is does not matter.
_ANYBODY = Extension("0")
# Bookings from before the first day asked for may be the beginning of an absence that
# reaches into it; those from after the last one, the end.
_AROUND = timedelta(days=60)
_WHY = {
    "private": "it is private",
    "ours": "it was written by us, for what was set by phone or web",
    "cancelled": "it is cancelled",
    "declined": "its owner has declined it",
    "all_day": "it is all day: give it a start and an end time",
    "no_code": "its subject does not begin with a code",
    "no_sign": "its code lacks a colon or semicolon after it",
    "not_first": "its code is not first in the subject",
    "no_length": "it ends when or before it begins",
    "free": "it is shown as free, which does not count here",
    "tentative": "it is tentative, which does not count here",
}

Day = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help="The first day: 2026-03-05."),
]
LastDay = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="The last day.")
]


@calendars.command(
    epilog=f"{_EXAMPLE}\n\n"
    "Example: telefonist calendar explain anna.ics --owner anna@example.se --json"
)
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An iCalendar (.ics).")],
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="MAIL", help="Whose answers count."),
    ] = None,
    first: Day = None,
    last: LastDay = None,
    as_json: Json = False,
) -> None:
    """Say what the rules make of every booking and why, never what it is about."""
    chosen = settings()
    catalog = read_catalog(chosen.grammar)
    counted = Counted(chosen.calendars.free, chosen.calendars.tentative)
    reader = Reader(catalog.reasons, owner)
    text = text_of(Fetched(read_file(file)))
    asked = _asked(first, last, reaches([text], reader))
    around = Window(asked.start - _AROUND, asked.end + _AROUND)
    held = read_ics([text], around, reader)
    rules = site(catalog, asked.start)
    bookings, diverts = explained(held.entries, _ANYBODY, rules, counted)
    seen = [each for each in bookings if _touches(asked, each.entry)]
    stretches = [each for each in diverts if _reaches_into(asked, each)]
    if as_json:
        for record in (*map(_booking, seen), *map(_stretch, stretches)):
            tell(record)
    else:
        _print(seen, stretches)
    if held.unreadable:
        complain(f"Left out, because they make no sense: {held.unreadable}.")


def _asked(first: str | None, last: str | None, all_of_it: Window) -> Window:
    """Return the days that were asked for, else all that the file is about."""
    start = all_of_it.start if first is None else at(_day(first, "--from"), time())
    end = all_of_it.end
    if last is not None:
        end = at(_day(last, "--to") + timedelta(days=1), time())
    elif first is not None:
        end = max(end, start + timedelta(days=1))
    if last is not None and first is None:
        start = min(start, end - timedelta(days=1))
    if end <= start:
        raise typer.BadParameter(
            "the last day is before the first: give them the other way round",
            param_hint="--to",
        )
    return Window(start, end)


def _day(text: str, option: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        day = date.min
    if day.year not in range(1901, 2200):
        raise typer.BadParameter(
            f"'{text}' is no date: write 2026-03-05", param_hint=option
        )
    return day


def _touches(asked: Window, entry: Entry) -> bool:
    return asked.touches(entry.start, entry.end)


def _reaches_into(asked: Window, divert: Divert) -> bool:
    return divert.until is not None and asked.touches(divert.start, divert.until)


def _booking(told: Explained) -> dict[str, object]:
    entry, mark = told.entry, told.entry.mark
    return {
        "kind": "booking",
        "start": _instant(entry.start),
        "end": _instant(entry.end),
        "reason": None if mark is None else mark.reason,
        "mode": None if mark is None else mark.mode.value,
        "diverts": told.why is None,
        "why": told.why,
        "stretch": None if told.divert is None else _instant(told.divert.start),
    }


def _stretch(divert: Divert) -> dict[str, object]:
    return {
        "kind": "stretch",
        "start": _instant(divert.start),
        "end": None if divert.until is None else _instant(divert.until),
        "reason": divert.reason,
        "mode": divert.mode.value,
    }


def _instant(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds")


def _print(bookings: list[Explained], stretches: list[Divert]) -> None:
    table = Table("booking", "until", "code", "what comes of it", box=None)
    for told in bookings:
        entry, mark = told.entry, told.entry.mark
        code = "" if mark is None else f"{mark.reason} {mark.mode.value}"
        table.add_row(_shown(entry.start), _shown(entry.end), code, _comes_of(told))
    console.print(table)
    console.print(f"\n[bold]{_phone(stretches)}[/bold]")
    for divert in stretches:
        until = "" if divert.until is None else _shown(divert.until)
        console.print(
            f"  {_shown(divert.start)} - {until}  {divert.reason} {divert.mode.value}",
            markup=False,
        )


def _phone(stretches: list[Divert]) -> str:
    return "The phone is diverted:" if stretches else "The phone is never diverted."


def _comes_of(told: Explained) -> str:
    if told.divert is None:
        return f"diverts nothing: {_WHY.get(told.why or '', told.why)}"
    divert = told.divert
    alone = divert.start == told.entry.start and divert.until == told.entry.end
    if alone or divert.until is None:
        return "diverts"
    span = f"{_shown(divert.start)} - {_shown(divert.until)}"
    return f"diverts, as a part of {divert.reason} {span}"


def _shown(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"
