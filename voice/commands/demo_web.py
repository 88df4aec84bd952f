"""`demo --web`: a made-up town to look around in, where recorded calls go on."""

import asyncio
import secrets
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from voice.accounts import Logins
from voice.calls.live_call import Office, take_call
from voice.calls.measured import noted_in
from voice.commands.options import console
from voice.config import HealthSettings, RecordingSettings, Settings
from voice.divert.model import Extension
from voice.divert.walltime import at, local
from voice.divert.workdays import is_working
from voice.health import open_health
from voice.house import House, desk, open_house, read_catalog
from voice.measures import Measures
from voice.phone.memory_exchange import MemoryRinging
from voice.phone.port import Offer
from voice.store.accounts_port import Account, Login, Role
from voice.store.database import open_store
from voice.store.port import CallId, Store, Turn
from voice.trials.paced import PacedRinging
from voice.trials.replay import line_of, prepare, replay
from voice.trials.screenplay import Screenplay, moved
from voice.trials.town import ANNA, BO, BY, EVA, FIRST, build_town
from voice.web.settings import WebSettings
from voice.web_service import now, serve_web

_LOGINS = (
    ("anna", ANNA, Role.PERSON, "her own page and the directory"),
    ("bo", BO, Role.OPERATOR, "operates the exchange: reads calls, too"),
    ("eva", EVA, Role.ADMINISTRATOR, "administrator: may do everything"),
)
_SECRET_BYTES = 12
# Everybody whose number is odd has nothing set, and calls in turn.
_CALLERS = 12
_BETWEEN_CALLS_SECONDS, _BETWEEN_OLD_CALLS = 8.0, timedelta(minutes=9)
_HERE = "127.0.0.1"
_SETTINGS = "# Of the demonstration: nothing here outlives it.\n"


@dataclass(frozen=True, slots=True)
class _Town:
    settings: Settings
    store: Store
    house: House
    measures: Measures


async def show_town(chosen: Settings, plays: Sequence[Screenplay], port: int) -> None:
    """Serve a town that lasts until Ctrl-C, in which recorded calls are made."""
    leave = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave.set)
    async with _town(chosen, port) as town:
        password = await _fill(town, plays)
        async with asyncio.TaskGroup() as group:
            calling = group.create_task(_go_on(town, plays))
            ready = partial(_welcome, password)
            await serve_web(town.settings, town.store, leave, ready)
            calling.cancel()


@asynccontextmanager
async def _town(chosen: Settings, port: int) -> AsyncIterator[_Town]:
    """Give an empty town that calls can be made to, and that tells how it is."""
    measures = Measures()
    with TemporaryDirectory(prefix="telefonist-demo-") as folder:
        apart = _apart(chosen, Path(folder), port)
        catalog = read_catalog(apart.grammar)
        async with (
            open_store(apart.store) as store,
            open_house(apart, catalog, store, now()) as house,
            open_health(apart.health, measures, {}) as health,
        ):
            told = replace(apart, health=HealthSettings(f"{_HERE}:{health}"))
            yield _Town(told, store, house, measures)


def _apart(chosen: Settings, folder: Path, port: int) -> Settings:
    """Return settings by which nothing of the site's own is read or changed."""
    grammar, file = folder / "grammar", folder / "telefonist.toml"
    shutil.copytree(chosen.grammar, grammar)
    file.write_text(_SETTINGS, encoding="utf-8")
    recording = RecordingSettings(folder / "calls", days=1)
    return replace(
        chosen,
        grammar=grammar,
        file=file,
        store="memory:",
        recording=recording,
        health=HealthSettings(f"{_HERE}:0"),
        web=WebSettings(listen=f"{_HERE}:{port}"),
    )


async def _fill(town: _Town, plays: Sequence[Screenplay]) -> str:
    """Let there be people and recorded calls; return the password of all."""
    began, store = now(), town.store
    await build_town(town.house.desk.door, began)
    password = secrets.token_urlsafe(_SECRET_BYTES)
    for login, extension, role, _ in _LOGINS:
        account = Account(Login(login), frozenset({role}), began, extension)
        await store.accounts.put(account, began, BY)
        await Logins(store).give(account.login, password, began, BY)
    day = _last_working_day(town.house, began)
    for nth, play in enumerate(plays):
        then = at(day, local(play.now).time()) + nth * _BETWEEN_OLD_CALLS
        made = moved(play, then, _caller(nth))
        await prepare(made, store, known=True)
        table = desk(town.house.desk.catalog, store, then)
        await replay(made, table, town.house, _tell_nobody)
    return password


def _last_working_day(house: House, began: datetime) -> date:
    day = local(began).date() - timedelta(days=1)
    while not is_working(day, house.desk.red_days):
        day -= timedelta(days=1)
    return day


async def _tell_nobody(_: Turn) -> None:
    """Leave a call to the pages."""


def _caller(nth: int) -> Extension:
    return Extension(str(FIRST + 1 + 2 * (nth % _CALLERS)))


async def _go_on(town: _Town, plays: Sequence[Screenplay]) -> None:
    """Let one call after the other be made, as fast as people speak."""
    noting = replace(town.house.desk, note=noted_in(town.measures))
    house = replace(town.house, desk=noting)
    recording = town.settings.recording
    office = Office(lambda: house, town.measures, recording, now, live=False)
    for nth in count():
        await asyncio.sleep(_BETWEEN_CALLS_SECONDS)
        play = moved(plays[nth % len(plays)], now(), _caller(nth))
        await prepare(play, town.store, known=True)
        offer = Offer(play.name, play.dialled, play.caller)
        ringing = PacedRinging(MemoryRinging(offer, line_of(play)))
        await take_call(ringing, CallId(f"demo-{nth}"), office)


def _welcome(password: str, address: str) -> None:
    console.print(f"\nThe town is at [bold]{address}[/bold] until Ctrl-C.\n")
    for login, _, _, does in _LOGINS:
        console.print(f"  {login:6} {does}")
    console.print(f"\nEach logs in with the password [bold]{password}[/bold]")
    console.print("[dim]Nothing of it is kept. Recorded calls come now and then.[/dim]")
