"""`retention`: what tells of people, erased when it was kept for the site's days."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from voice.commands.options import Json, StoreUrl, answer, settings, store_at
from voice.commands.people import BY
from voice.divert.walltime import local
from voice.retention import Old, count_old, erase_old, oldest

_WHEN = "%Y-%m-%d %H:%M"

retention = typer.Typer(
    help="Old transcripts and changes, which the running service erases every hour.",
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
    """Erase the transcripts and the changes that have been kept for the site's days.

    They are counted in a receipt of each on the audit trail.
    """
    kept, now = settings().retention, datetime.now(UTC)
    before, changed_before = map(local, oldest(kept, now))

    async def work() -> Old:
        async with store_at(store) as opened:
            if dry_run:
                return await count_old(opened, kept, now)
            return await erase_old(opened, kept, now, BY)

    old = asyncio.run(work())
    would = "would be" if dry_run else "are"
    done = {"before": before.isoformat(), "calls": old.calls}
    done |= {"changed_before": changed_before.isoformat(), "changes": old.changes}
    told = (
        f"{old.calls} calls {would} erased that ended before {before:{_WHEN}}, and "
        f"{old.changes} changes on the trail from before {changed_before:{_WHEN}}."
    )
    answer(done | {"erased": not dry_run}, told, as_json)
