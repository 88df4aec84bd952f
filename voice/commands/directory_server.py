"""`extension sync`: the staff directory, made as the directory server has it."""

import asyncio
import os
from functools import partial
from typing import Annotated

import typer

from voice.commands.calendar_ways import take_leave
from voice.commands.options import (
    Json,
    StoreUrl,
    console,
    notes,
    settings,
    store_at,
)
from voice.commands.people import BY, show
from voice.ldap.reading import read_people
from voice.serving import now
from voice.settings_file import SettingError
from voice.staff_import import check_gone
from voice.staff_sync import Sync, compared, synced

BY_SERVICE = "directory server"
# Calls go before people where both want the same core.
_NICER_BY = 10


def sync(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Remove more than a tenth, if need be.")
    ] = False,
    beside_service: Annotated[
        bool, typer.Option("--beside-service", hidden=True)
    ] = False,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Add, change and remove as the directory server in [ldap] has it, all or none.

    What is wrong of somebody there is told, and left as it is here.
    """
    chosen, by = settings(), BY
    if beside_service:
        by = BY_SERVICE
        os.nice(_NICER_BY)
    ldap = chosen.ldap
    if not ldap.address:
        raise SettingError(
            "No directory server is set: write [ldap] in the settings file."
        )

    async def run() -> Sync:
        async with store_at(store) as opened:
            with notes.status(f"Reading people from {ldap.address}"):
                read = partial(read_people, ldap)
                found = await compared(read, opened, ldap, chosen.numbering)
            _tell_left_out(found, as_json)
            found.check()
            if not force:
                check_gone(found.plan, found.known)
            if not dry_run:
                parted = await synced(found.plan, found.known, opened, now(), by)
                await take_leave(parted, opened)
            return found

    found = asyncio.run(run())
    left_out = list(map(str, found.left_out))
    show(found.plan, dry_run, as_json, left_out=left_out)


def _tell_left_out(found: Sync, as_json: bool) -> None:
    if not as_json:
        for each in found.left_out:
            console.print(f"left as it is: {each}", markup=False)
