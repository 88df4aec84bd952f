"""The web, opened: its store, its words, the one door, and a server in front."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from voice.accounts import Logins
from voice.calls.recording import Tapes
from voice.config import HealthSettings, Settings, shipped_grammar
from voice.coupling.diaries import diary_of
from voice.divert.explained import Counted
from voice.hook_calls import keep_telling_hooks
from voice.house import read_catalog, read_texts, site
from voice.housekeeping import kept_up
from voice.obey import Door
from voice.small_server import ListenError
from voice.store.accounts_port import is_administrator
from voice.store.port import Store, StoreError
from voice.trials.misheard import misheard_set
from voice.web.app import create_app
from voice.web.live import Feed
from voice.web.port import House
from voice.web.sessions import limits
from voice.web.settings import LISTEN, WebSettings
from voice.web.words import FILES, Language, Words, read_words
from voice.web_administration import administration
from voice.web_connections import let_go_of_the_silent, protocol
from voice.web_gate import AccountGate

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 3.0
# Pages that are being read may end; those that follow calls never would.
_GRACE_SECONDS = 3
_AT_ONCE = 1000
_SWEEP_SECONDS = 600.0


def now() -> datetime:
    """Read the clock of the web."""
    return datetime.now(UTC)


def read_web_words(folder: Path) -> Mapping[Language, Words]:
    """Read what pages say; every fault in it is told at once.

    What a site's own files have no words for yet is said as in those that are shipped.
    """
    shipped = read_texts(shipped_grammar(), FILES.values())
    own = shipped | read_texts(folder, FILES.values())
    return read_words(own, read_words(shipped))


async def serve_web(
    chosen: Settings,
    store: Store,
    leave: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    """Answer pages until `leave` is set; `ready` is told where."""
    house = web_house(chosen, store)
    await _ask_for_administrator(house)
    with listening(chosen.web.listen or LISTEN) as socket_:
        app = create_app(house)
        feed: Feed = app.state.feed
        server = _Server(_config(app, chosen.web))
        async with asyncio.TaskGroup() as group:
            ending = group.create_task(_end(server, leave))
            sweeping = group.create_task(_sweep(house))
            following = group.create_task(feed.run())
            telling = group.create_task(
                kept_up("webhooks", partial(keep_telling_hooks, house))
            )
            ready(chosen.web.base)
            await server.serve(sockets=[socket_])
            ending.cancel()
            sweeping.cancel()
            following.cancel()
            telling.cancel()


def web_house(chosen: Settings, store: Store) -> House:
    """Return what the web asks of the house, over a store that is open."""
    catalog = read_catalog(chosen.grammar)
    rules, tapes = site(catalog, now()), Tapes(chosen.recording)
    door, logins = Door(store, rules), Logins(store)
    counted = Counted(chosen.calendars.free, chosen.calendars.tentative)
    return House(
        store=store,
        catalog=catalog,
        site=rules,
        words=read_web_words(chosen.grammar),
        settings=chosen.web,
        obey=door.obey,
        gate=AccountGate(logins),
        now=now,
        health=partial(_ask, chosen.health, "/healthz"),
        metrics=partial(_ask, chosen.health, "/metrics"),
        diary=partial(diary_of, door=door, counted=counted),
        tapes=tapes,
        misheard=partial(misheard_set, store, catalog, tapes),
        administration=administration(chosen, door, catalog, logins, now),
    )


class _Server(uvicorn.Server):
    """A server that leaves signals to the program, which ends well by them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _config(app: FastAPI, settings: WebSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=protocol(settings.proxies),
        log_config=None,
        access_log=False,
        server_header=False,
        # Who asks past a web server in front is found out by the room itself.
        proxy_headers=False,
        ws="none",
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


async def _end(server: uvicorn.Server, leave: asyncio.Event) -> None:
    await leave.wait()
    server.should_exit = True


async def _ask_for_administrator(house: House) -> None:
    """Say how the first administrator is made, as long as there is none."""
    if house.settings.oidc.issuer and house.settings.oidc.roles.administrator:
        # Whoever is in the group is one as soon as they have come.
        return
    try:
        accounts = await house.store.accounts.list()
    except StoreError as error:
        log.warning("it is not known whether there is an administrator: %s", error)
        return
    if not any(is_administrator(each) for each in accounts):
        log.warning(
            "nobody may set up this place yet: make the first administrator with "
            "`telefonist user add LOGIN --role administrator`"
        )


async def _sweep(house: House) -> None:
    """Forget sessions that are over, and old answers, now and then."""
    while True:
        try:
            await house.store.sessions.sweep(limits(house.settings), house.now())
            await house.store.repeats.sweep(house.now())
        except StoreError as error:
            log.warning("what is over cannot be let go of: %s", error)
        await asyncio.sleep(_SWEEP_SECONDS)


@contextmanager
def listening(listen: str) -> Iterator[socket.socket]:
    """Give a place to be asked at; ListenError says what is wrong with it."""
    host, _, port = listen.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server(
            (host.strip("[]"), int(port)), family=family, backlog=_AT_ONCE
        )
    except OSError as error:
        raise ListenError(
            f"[web] listen: {listen} cannot be listened at "
            f"({os.strerror(error.errno or 0)}): choose another address or port."
        ) from error
    with made:
        # Those who are let in have it too. Without it the last of a page waits for a
        # browser to say that it has the first, which it does 40 ms later.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        let_go_of_the_silent(made)
        yield made


async def _ask(settings: HealthSettings, path: str) -> str:
    """Ask the service that takes calls; it may not be running."""
    host, _, port = settings.listen.rpartition(":")
    here = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
    try:
        async with httpx.AsyncClient(
            timeout=_PATIENCE_SECONDS,
            trust_env=False,
            # It is asked without encryption: to read all certificates takes longer.
            verify=False,
        ) as asking:
            answer = await asking.get(f"http://{here}:{port}{path}")
    except httpx.HTTPError:
        return "service: it does not answer; is `telefonist serve` running?"
    return answer.text.strip()
