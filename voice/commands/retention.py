"""`retention`: transcripts erased when they have been kept for the site's days."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from voice.commands.options import Json, StoreUrl, answer, settings, store_at
from voice.commands.people import BY
from voice.divert.walltime import local
from voice.retention import erase_old, oldest

retention = typer.Typer(
    help="Old transcripts, which the running service erases every hour.",
    no_args_is_help=True,
)


@retention.callback()
def _name() -> None:
    """Stay a command of its own, with only one below it."""


@retention.command(epilog="Example: telefonist retention run --dry-run")
def run(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")
    ] = False,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Erase the transcripts of calls that ended before the site's days.

    They are counted in one receipt on the audit trail.
    """
    kept, now = settings().retention, datetime.now(UTC)
    before = oldest(kept, now)

    async def work() -> int:
        async with store_at(store) as opened:
            if dry_run:
                return await opened.retention.erasable(before)
            return await erase_old(opened, kept, now, BY)

    calls = asyncio.run(work())
    would = "would be" if dry_run else "are"
    told = f"{calls} calls {would} erased that ended before"
    done = {"before": local(before).isoformat(), "calls": calls, "erased": not dry_run}
    answer(done, f"{told} {local(before):%Y-%m-%d %H:%M}.", as_json)
