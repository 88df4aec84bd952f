"""The whole service: lines, calls, health and chores, until it is to end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from voice.calendar_measures import CalendarMeasures
from voice.calls.answering import ask_where
from voice.calls.live_call import Office
from voice.calls.measured import noted_in
from voice.calls.naming import Naming
from voice.calls.switchboard import Switchboard
from voice.config import Settings
from voice.coupling.leading import Follower
from voice.coupling.opening import open_coupled
from voice.coupling.pushes import open_pushes
from voice.health import Check, open_health
from voice.house import House, open_house, read_catalog
from voice.housekeeping import chores, kept_up
from voice.measures import Measures
from voice.phone.audiosocket import open_asterisk
from voice.phone.port import Condition, Exchange
from voice.phone.redirect import open_redirect
from voice.phone.sip import open_sip
from voice.staff_rounds import StaffRounds
from voice.store.port import Store
from voice.supervision import LEAVING, READY, tell
from voice.web_process import WebProcess, open_web

log = logging.getLogger(__name__)

_TRIAL = "Ja."


def now() -> datetime:
    """Read the clock of the house."""
    return datetime.now(UTC)


async def serve(
    chosen: Settings,
    store: Store,
    leave: asyncio.Event,
    ready: Callable[[Mapping[str, Exchange]], None],
) -> None:
    """Take calls until `leave` is set, then let them end; `ready` is told the lines."""
    measures = Measures()
    async with AsyncExitStack() as opened:
        house = await opened.enter_async_context(_house(chosen, store, measures))
        lines = await opened.enter_async_context(_lines(chosen, house))
        following = _calendars(chosen, house, measures.calendars)
        follower = await opened.enter_async_context(following)
        checks = _checks(lines, house) | {"calendars": partial(_condition, follower)}
        rounds = StaffRounds(chosen.ldap, chosen.file, measures.directory, now)
        if rounds.is_set:
            checks["directory"] = partial(_condition, rounds)
        if chosen.web.listen and chosen.file is not None:
            web = await opened.enter_async_context(open_web(chosen.file))
            checks["web"] = partial(_condition, web)
        health = open_health(chosen.health, measures, checks)
        await opened.enter_async_context(health)
        naming = Naming(store.directory, house.understanding, house.model, chosen.cache)

        # The first caller of the day can ask for people too.
        await naming.try_refresh()

        def named() -> House:
            return replace(house, understanding=naming.current)

        office = Office(named, measures, chosen.recording, now)
        board = Switchboard(office)
        async with asyncio.TaskGroup() as group:
            group.create_task(board.serve(tuple(lines.values())))
            beside = chores(chosen, office, board, naming, follower)
            beside["the directory server"] = partial(rounds.run, store.leases)
            kept = [
                group.create_task(kept_up(name, chore))
                for name, chore in beside.items()
            ]
            ready(lines)
            await _left(leave, board, chosen)
            for task in kept:
                task.cancel()


async def _left(leave: asyncio.Event, board: Switchboard, chosen: Settings) -> None:
    """Wait until the service is to end, and let the calls that stand end first."""
    tell(chosen.supervisor, READY)
    await leave.wait()
    tell(chosen.supervisor, LEAVING)
    log.warning("no new calls are taken; those that stand may end")
    await board.drain(chosen.service.drain_seconds)


@asynccontextmanager
async def _house(
    chosen: Settings, store: Store, measures: Measures
) -> AsyncIterator[House]:
    catalog = read_catalog(chosen.grammar)
    async with open_house(chosen, catalog, store, now(), keys_alone=True) as house:
        desk = replace(
            house.desk,
            service=chosen.service,
            plan=chosen.numbering,
            note=noted_in(measures),
            preface="call_is_recorded" if chosen.recording.days else None,
        )
        yield replace(house, desk=desk)


@asynccontextmanager
async def _lines(chosen: Settings, house: House) -> AsyncIterator[dict[str, Exchange]]:
    """Open every line that the site has, and what exchanges ask."""
    door = house.desk.door
    route = partial(ask_where, store=door.store, site=door.site, now=now)
    async with AsyncExitStack() as opened:
        lines: dict[str, Exchange] = {}
        for nth, sip in chosen.sip.items():
            name = "sip" if nth == 1 else f"sip {nth}"
            lines[name] = await opened.enter_async_context(open_sip(sip))
        if chosen.asterisk is not None:
            asterisk = open_asterisk(chosen.asterisk, route)
            lines["asterisk"] = await opened.enter_async_context(asterisk)
        if chosen.redirect is not None:
            await opened.enter_async_context(open_redirect(chosen.redirect, route))
        yield lines


@asynccontextmanager
async def _calendars(
    chosen: Settings, house: House, measures: CalendarMeasures
) -> AsyncIterator[Follower]:
    """Open the way to people's calendars, and to us for those that call."""
    door, settings = house.desk.door, chosen.calendars
    async with AsyncExitStack() as opened:
        ways = open_coupled(door, chosen.access, settings, now, measures)
        coupled = await opened.enter_async_context(ways)
        follower = Follower(replace(coupled, notes=house.desk.catalog.notes))
        if settings.push_address:
            pushes = open_pushes(settings.push_listen, follower)
            await opened.enter_async_context(pushes)
        yield follower


async def _condition(part: Exchange | WebProcess | Follower | StaffRounds) -> Condition:
    return part.condition


def _checks(lines: Mapping[str, Exchange], house: House) -> dict[str, Check]:
    async def store() -> Condition:
        await house.desk.door.store.directory.revision()
        return Condition(True, "It answers.")

    async def ears() -> Condition:
        deaf = house.understanding.hearing is None
        remedy = "calls go on by keys alone: `telefonist check` says why."
        return Condition(not deaf, remedy if deaf else "They hear.")

    async def mouth() -> Condition:
        # Words that are kept nowhere: the speech process must make them now.
        await house.mouth.synthesis.sound(_TRIAL)
        return Condition(True, "It speaks.")

    checks: dict[str, Check] = {
        n: partial(_condition, each) for n, each in lines.items()
    }
    return checks | {"store": store, "ears": ears, "mouth": mouth}
