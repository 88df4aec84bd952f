"""`divert`: what stands on extensions, seen and changed from the command line."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from voice.commands.linked import age_of, reading_record, wrong_with
from voice.commands.options import (
    Json,
    Now,
    StoreUrl,
    answer,
    console,
    instant,
    settings,
    store_at,
    tell,
)
from voice.commands.people import Number
from voice.divert.model import (
    ClearDivert,
    Command,
    Divert,
    Extension,
    Mode,
    ReasonCode,
    Refused,
    SetDivert,
    Source,
    Standing,
    Until,
)
from voice.divert.routing import standing
from voice.divert.walltime import local
from voice.errors import VoiceError
from voice.house import read_catalog, site
from voice.language.catalog import Catalog
from voice.language.matching import matches
from voice.language.template import Slot
from voice.language.times import Absence, Moment, absence
from voice.obey import Door
from voice.store.links_port import Progress
from voice.trials.screenplay import written

diverts = typer.Typer(help="Diverts, by hand.", no_args_is_help=True)


class RefusedError(VoiceError):
    """A divert cannot be set or cleared as it was asked for."""


@diverts.command("set", epilog='Example: telefonist divert set 1234 SAM "till 15:30"')
def set_divert(
    number: Number,
    reason: Annotated[
        str, typer.Argument(metavar="REASON", help="SAM, TJÄ, SEM, LDG ...")
    ],
    time: Annotated[
        str, typer.Argument(metavar="TIME", help='As it is said: "till halv tre".')
    ] = "",
    informing: Annotated[
        bool, typer.Option("--informing", help="Calls still ring.")
    ] = False,
    doubtful: Annotated[
        bool, typer.Option("--yes", help="Take a doubtful time as it is read back.")
    ] = False,
    now: Now = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Set a divert; without a time it lasts as long as its reason usually does."""
    at = instant(now)
    catalog = read_catalog(settings().grammar)
    code = _reason(reason.rstrip(":;"), catalog)
    mode = Mode.INFORMING if informing else Mode.CLOSED
    command = SetDivert(Extension(number), code, mode=mode, source=Source.OPERATOR)
    if time:
        away = _away(time, catalog, at, doubtful)
        command = replace(command, until=away.until, start=away.start)
    _obey(command, catalog, at, store, as_json)


@diverts.command(epilog="Example: telefonist divert clear 1234")
def clear(
    number: Number,
    reason: Annotated[
        str, typer.Argument(metavar="REASON", help="Only this reason.")
    ] = "",
    now: Now = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Open a phone again."""
    catalog = read_catalog(settings().grammar)
    code = _reason(reason, catalog) if reason else None
    command = ClearDivert(Extension(number), code)
    _obey(command, catalog, instant(now), store, as_json)


def _reason(text: str, catalog: Catalog) -> ReasonCode:
    code = ReasonCode(text.upper())
    if code not in catalog.reasons:
        known = ", ".join(catalog.reasons)
        raise RefusedError(f"'{text}' is no reason: use {known}.")
    return code


_PLAINER = 'say it plainer, as in "till 15:30" or "till och med fredag"'


def _away(time: str, catalog: Catalog, now: datetime, doubtful: bool) -> Absence:
    """Read a time; refused when it has two meanings, or one in doubt."""
    words = catalog.speller.words(time)
    readings = matches(Slot("time"), words, catalog.rules)
    if not readings:
        raise RefusedError(
            f'\'{time}\' is no time: say it as in "till halv tre" or "till fredag".'
        )
    moment = Moment(now, site(catalog, now).red_days, catalog.parts)
    read = [absence(reading[0], moment) for reading in readings]
    meanings = {_read_back(away): away for away in read}
    if len(meanings) > 1:
        told = " or ".join(sorted(meanings))
        raise RefusedError(f"'{time}' may mean {told}: {_PLAINER}.")
    if not (doubtful or all(away.sure for away in read)):
        told = _read_back(read[0])
        raise RefusedError(f"'{time}' may mean {told}: {_PLAINER}, or add --yes.")
    return read[0]


def _read_back(away: Absence) -> str:
    until = away.until
    ends = "it is cleared" if isinstance(until, Until) else _clock(until)
    begins = f"from {_clock(away.start)} " if away.start else ""
    return f"{begins}until {ends}"


def _clock(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M}"


_WHY = {
    "nothing_to_clear": "nothing of the kind stands: `telefonist divert list` shows "
    "what does.",
    "not_that_reason": "nothing of that reason stands: `telefonist divert list` shows "
    "what does.",
    "until_has_passed": "that time has already been: name a later one.",
    "until_before_start": "that ends before it begins: name a later end.",
}


def _obey(
    command: Command, catalog: Catalog, now: datetime, url: str | None, as_json: bool
) -> None:
    number = command.extension

    async def run() -> Divert | None:
        async with store_at(url) as opened:
            await opened.directory.find(number)
            door = Door(opened, site(catalog, now))
            event = await door.obey(command, now, Source.OPERATOR)
            if isinstance(event, Refused):
                why = _WHY.get(event.why, f"refused ({event.why}).")
                raise RefusedError(f"{number}: {why} Nothing is changed.")
            return (await door.standing(number, now)).counts

    counts = asyncio.run(run())
    told = f"{number}: {written(counts, now) if counts else 'the phone is open'}"
    nothing = {"extension": number, "reason": None}
    answer(_as_record(counts) if counts else nothing, told, as_json)


@diverts.command("list", epilog="Example: telefonist divert list --json")
def list_diverts(
    number: Annotated[
        str, typer.Argument(metavar="EXT", help="Only this extension.")
    ] = "",
    now: Now = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """List what stands, on one extension or all."""
    at = instant(now)
    table = Table("extension", "divert", "source", "calendar read", "what is wrong")
    everyone, readings = asyncio.run(_everyone(number, store))
    for extension, there in sorted(everyone.items()):
        for divert in standing(there.diverts, at):
            of_calendar = divert.source is Source.CALENDAR
            reading = readings.get(extension) if of_calendar else None
            if as_json:
                tell(_as_record(divert) | _of_reading(reading, at))
            cells = written(divert, at), divert.source.value, *_cells(reading, at)
            table.add_row(extension, *cells)
    if not as_json:
        console.print(table if table.rows else "No diverts stand.")


async def _everyone(
    number: str, url: str | None
) -> tuple[Mapping[Extension, Standing], Mapping[Extension, Progress]]:
    """Return what stands on each extension, and how its calendar's reading goes."""
    extension = Extension(number) if number else None
    async with store_at(url) as opened:
        links = await opened.links.list(*filter(None, [extension]))
        readings = {each.link.extension: each.progress for each in links}
        if extension is None:
            return await opened.diverts.everyone(), readings
        await opened.directory.find(extension)
        return {extension: await opened.diverts.standing(extension)}, readings


def _cells(progress: Progress | None, now: datetime) -> tuple[Text, ...]:
    if progress is None:
        return ()
    return age_of(progress.read_at, now), Text(wrong_with(progress))


def _of_reading(progress: Progress | None, now: datetime) -> dict[str, object]:
    return {} if progress is None else {"calendar": reading_record(progress, now)}


def _as_record(divert: Divert) -> dict[str, object]:
    return {
        "extension": divert.extension,
        "reason": divert.reason,
        "mode": divert.mode.value,
        "start": local(divert.start).isoformat(),
        "until": local(divert.until).isoformat() if divert.until else None,
        "source": divert.source.value,
    }
