"""Tries what a calendar lets us do, and says of each thing whether it may be done."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias, cast

from voice.calendars.following import window
from voice.calendars.port import Block, Calendar, CalendarError, Watched
from voice.coupling.following import Coupled
from voice.coupling.watching import PUSHING
from voice.divert.model import Mark
from voice.store.links_port import Link, LinkKind

_HOUR = timedelta(hours=1)
_Trial: TypeAlias = Callable[[Calendar], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was tried; without a fault it may be done."""

    name: str
    fault: str | None


async def checked(link: Link, coupled: Coupled, mark: Mark) -> AsyncIterator[Checked]:
    """Try one thing after the other; what fails hinders no later one."""
    for name, trial in _trials(link, coupled, mark).items():
        fault = None
        try:
            async with coupled.open(link) as calendar:
                await trial(calendar)
        except CalendarError as error:
            fault = str(error)
        yield Checked(name, fault)


def _trials(link: Link, coupled: Coupled, mark: Mark) -> dict[str, _Trial]:
    now, address = coupled.now(), coupled.settings.push_address
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # An hour in the night to come, when a divert would do no harm.
    start = midnight + timedelta(days=1) + _HOUR
    block = Block(f"check-{link.extension}", mark, start, start + _HOUR)

    async def read(calendar: Calendar) -> None:
        await calendar.read(window(now), None)

    async def write(calendar: Calendar) -> None:
        try:
            await calendar.put(block)
        finally:
            await calendar.drop(block.key)

    async def watch(calendar: Calendar) -> None:
        calling, kind = cast(Watched, calendar), PUSHING[link.kind]
        until, token = now + _HOUR, secrets.token_urlsafe(24)
        await calling.unwatch(await calling.watch(f"{address}/{kind}", token, until))

    trials: dict[str, _Trial] = {"its bookings can be read": read}
    if link.kind is not LinkKind.ICS:
        trials["our bookings can be written and removed"] = write
    if address and link.kind in PUSHING:
        trials["it calls us when something changes"] = watch
    return trials
