"""`calendar`: whose calendar a phone follows, how that goes, and what keeps it from."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from voice.calendars.conformance import READING, WRITING, tried
from voice.calendars.ground import Ground
from voice.commands.calendar import calendars as calendars
from voice.commands.calendar_ways import coupled_over
from voice.commands.linked import show_links
from voice.commands.options import (
    Json,
    StoreUrl,
    answer,
    complain,
    console,
    settings,
    store_at,
    tell,
)
from voice.commands.people import BY, Number
from voice.coupling.checking import checked
from voice.coupling.following import Coupled
from voice.coupling.leading import Follower
from voice.coupling.linking import Remains, follow_calendar, follow_none
from voice.coupling.opening import open_calendars
from voice.divert.model import Extension, Mark, Mode
from voice.errors import VoiceError
from voice.house import read_catalog
from voice.language.catalog import Catalog
from voice.store.links_port import Link, Linked, LinkKind
from voice.store.port import Store


class LinkError(VoiceError):
    """A calendar was named in a way that nothing can be made of."""


@calendars.command(
    epilog="Example: telefonist calendar link 1234 --google anna@example.se\n\n"
    "Example: telefonist calendar link 2345 --caldav "
    "https://cloud.example.se/remote.php/dav/calendars/bo/personal/ "
    "--owner bo@example.se"
)
def link(
    number: Number,
    google: Annotated[
        str | None,
        typer.Option("--google", metavar="USER", help="A user of Google Workspace."),
    ] = None,
    outlook: Annotated[
        str | None,
        typer.Option("--outlook", metavar="USER", help="A user of Microsoft 365."),
    ] = None,
    caldav: Annotated[
        str | None,
        typer.Option("--caldav", metavar="URL", help="A calendar on a CalDAV server."),
    ] = None,
    ics: Annotated[
        str | None,
        typer.Option("--ics", metavar="URL", help="A feed or a file, only read."),
    ] = None,
    owner: Annotated[
        str,
        typer.Option(
            "--owner", metavar="MAIL", help="Whose answers to meetings count."
        ),
    ] = "",
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Let a phone follow its owner's calendar."""
    given = {
        LinkKind.GOOGLE: google,
        LinkKind.OUTLOOK: outlook,
        LinkKind.CALDAV: caldav,
        LinkKind.ICS: ics,
    }
    named = [(kind, address) for kind, address in given.items() if address]
    if len(named) != 1:
        raise LinkError(
            "Say which calendar it is: one of --google, --outlook, --caldav and --ics."
        )
    made = Link(Extension(number), *named[0], owner)

    async def run() -> None:
        async with _opened(store) as (coupled, _):
            _complain(await follow_calendar(made, coupled, BY))

    asyncio.run(run())
    done = f"{number} follows the calendar: `telefonist calendar check {number}` next."
    answer({"extension": number, "kind": made.kind.value}, done, as_json)


@calendars.command(epilog="Example: telefonist calendar unlink 1234")
def unlink(number: Number, store: StoreUrl = None, as_json: Json = False) -> None:
    """Let a phone follow no calendar: diverts from it end, our bookings are removed."""
    extension = Extension(number)

    async def run() -> None:
        async with _opened(store) as (coupled, _):
            _complain(await follow_none(extension, coupled, BY))

    asyncio.run(run())
    answer({"unlinked": number}, f"{number} follows no calendar.", as_json)


def _complain(remains: Iterable[Remains]) -> None:
    for each in remains:
        complain(str(each))


@calendars.command(epilog="Example: telefonist calendar status --json")
def status(store: StoreUrl = None, as_json: Json = False) -> None:
    """Say how old each calendar's reading is, what failed, and what is renewed when."""

    async def run() -> tuple[Linked, ...]:
        async with store_at(store) as opened:
            return await opened.links.list()

    links, now = asyncio.run(run()), datetime.now(UTC)
    show_links(links, now, as_json)


@calendars.command(epilog="Example: telefonist calendar check 1234")
def check(number: Number, store: StoreUrl = None, as_json: Json = False) -> None:
    """Try what a calendar lets us do, one thing after the other.

    A booking of ours is made in the night to come, and removed again.
    """
    extension = Extension(number)

    async def run() -> bool:
        async with _opened(store) as (coupled, catalog):
            links = await _links(coupled.door.store, extension)
            if not links:
                raise LinkError(
                    f"{number} follows no calendar: `telefonist calendar link` first."
                )
            well = True
            async for step in checked(links[0].link, coupled, _mark(catalog)):
                well = well and step.fault is None
                _tell_step(step.name, step.fault, as_json)
            return well

    if not asyncio.run(run()):
        raise typer.Exit(1)


def _tell_step(name: str, fault: str | None, as_json: bool) -> None:
    if as_json:
        tell({"what": name, "well": fault is None, "remedy": fault})
    else:
        mark = "[green]✓[/green]" if fault is None else "[red]✗[/red]"
        console.print(mark, escape(f"{name.rstrip('.')}: {fault}" if fault else name))


@calendars.command(epilog="Example: telefonist calendar sync --once")
def sync(
    once: Annotated[
        bool, typer.Option("--once", help="Once; `serve` does it all the time.")
    ] = False,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Read every coupled calendar and write into it what is set by phone, once."""
    if not once:
        raise LinkError(
            "`telefonist serve` does this all the time: give --once to do it now."
        )

    async def run() -> tuple[Linked, ...]:
        async with _opened(store) as (coupled, _):
            return await Follower(coupled).once()

    links = asyncio.run(run())
    show_links(links, datetime.now(UTC), as_json)
    if any(linked.progress.fault for linked in links):
        raise typer.Exit(1)


@calendars.command(
    epilog="Example: telefonist calendar conformance "
    "--calendar google:test@example.se\n\nExample: telefonist calendar conformance "
    "--calendar caldav:https://cloud.example.se/dav/test/"
)
def conformance(
    calendar: Annotated[
        str,
        typer.Option(
            "--calendar", metavar="KIND:ADDRESS", help="Of somebody made for trials."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Try on a server of yours what every calendar must do.

    Bookings of ours are made and removed: use a calendar that nobody lives by.
    """
    kind, _, address = calendar.partition(":")
    if kind not in list(LinkKind) or not address:
        kinds = ", ".join(LinkKind)
        raise LinkError(f"Write the calendar as KIND:ADDRESS; the kinds are {kinds}.")
    trial = Link(Extension("0"), LinkKind(kind), address)
    chosen = settings()
    catalog = read_catalog(chosen.grammar)

    async def run() -> bool:
        well = True
        promises = READING if trial.kind is LinkKind.ICS else (*READING, *WRITING)
        async with (
            open_calendars(chosen.access, catalog.reasons) as opened,
            opened.open(trial) as to_try,
        ):
            ground = Ground(to_try, _mark(catalog), datetime.now(UTC))
            async for kept in tried(ground, promises):
                well = well and kept.fault is None
                _tell_step(kept.promise, kept.fault, as_json)
        return well

    if not asyncio.run(run()):
        raise typer.Exit(1)


def _mark(catalog: Catalog) -> Mark:
    return Mark(next(iter(catalog.reasons)), Mode.INFORMING)


async def _links(store: Store, extension: Extension) -> list[Linked]:
    await store.directory.find(extension)
    return list(await store.links.list(extension))


@asynccontextmanager
async def _opened(url: str | None) -> AsyncIterator[tuple[Coupled, Catalog]]:
    """Open the store and the way to the calendars."""
    async with store_at(url) as store, coupled_over(store) as ways:
        yield ways
