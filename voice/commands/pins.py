"""`pin`: the PINs by which people are known from any phone."""

import asyncio
from datetime import UTC, datetime

import typer

from voice.commands.asking import asked
from voice.commands.options import Json, StoreUrl, answer, store_at
from voice.commands.people import BY, Number
from voice.divert.model import Extension
from voice.pins import DIGITS, Pins

pins = typer.Typer(
    help="PINs, by which people are known from any phone.", no_args_is_help=True
)
# More than any PIN.
_LONGEST = 64


@pins.command(
    "set",
    epilog="Example: telefonist pin set 1234\n\n"
    "Example: telefonist pin set 1234 < file-with-one-line",
)
def set_pin(number: Number, store: StoreUrl = None, as_json: Json = False) -> None:
    """Give an extension a new PIN, which also unlocks it.

    It is asked for twice and not shown; where nobody is at a terminal, it is the first
    line of what comes in. It is no argument, because others can see those.
    """
    extension = Extension(number)

    async def run() -> None:
        async with store_at(store) as opened:
            await opened.directory.find(extension)
            pin = asked(f"New PIN of {extension}, {DIGITS} digits", _LONGEST)
            await Pins(opened).set(extension, pin, datetime.now(UTC), BY)

    asyncio.run(run())
    done = f"{extension} has a new PIN."
    answer({"extension": extension, "pin": "set"}, done, as_json)


@pins.command(epilog="Example: telefonist pin clear 1234")
def clear(number: Number, store: StoreUrl = None, as_json: Json = False) -> None:
    """Take an extension's PIN away: then it is known from its own phones only."""
    extension = Extension(number)

    async def run() -> None:
        async with store_at(store) as opened:
            await Pins(opened).clear(extension, datetime.now(UTC), BY)

    asyncio.run(run())
    done = f"{extension} has no PIN."
    answer({"extension": extension, "pin": "cleared"}, done, as_json)


@pins.command(epilog="Example: telefonist pin unlock 1234")
def unlock(number: Number, store: StoreUrl = None, as_json: Json = False) -> None:
    """Forget the wrong tries that locked an extension's PIN."""
    extension = Extension(number)

    async def run() -> None:
        async with store_at(store) as opened:
            await Pins(opened).unlock(extension, datetime.now(UTC), BY)

    asyncio.run(run())
    done = f"{extension}: the PIN can be tried again."
    answer({"extension": extension, "pin": "unlocked"}, done, as_json)
