"""The made-up town as browsers look at it: its calls, and one that goes on."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from web_house import GRAMMAR, PASSWORD, QUICK

from voice.divert.model import Extension
from voice.house import desk, read_catalog, site
from voice.language.catalog import Catalog
from voice.obey import Door
from voice.store.accounts_port import Account, Login, Role
from voice.store.calls_port import Call, CallId, Turn, Who
from voice.store.marks_port import Misheard
from voice.store.port import Store
from voice.trials.replay import open_play, replay
from voice.trials.town import BY, EVA, build_town, meant, told

BOSS = Login("eva")
"""Who may do everything, and has a phone too."""
SICK = Extension("1503")
LISTED_CALL, OPEN_CALL = CallId("samtal-att-lasa"), CallId("samtal-som-pagar")
CALLS = Path(__file__).parents[2] / "calls"
_PLAYS = (
    *("one-breath", "doubtful-yes", "three-misses", "help", "time-then-reason"),
    *("keys-divert", "undo-set", "doubtful-no", "goodbye", "repeat", "silent"),
)


async def build(store: Store, now: datetime) -> None:
    """Let there be a town, as it is at an instant."""
    catalog = read_catalog(GRAMMAR)
    await build_town(Door(store, site(catalog, now)), now)
    await _account(store, now)
    for ago, name in enumerate(_PLAYS, 1):
        await played(store, catalog, name, now - timedelta(minutes=23 * ago))
    await _conversation(store, now)
    await _goes_on(store, now)


async def _account(store: Store, now: datetime) -> None:
    await store.accounts.put(Account(BOSS, frozenset(Role), now, EVA), now, BY)
    await store.passwords.put(BOSS, QUICK.hash(PASSWORD), now, BY)


async def played(store: Store, catalog: Catalog, name: str, at: datetime) -> None:
    """Let a call be made, as a screenplay says, by somebody who has nothing set."""
    caller = Extension(str(1501 + 2 * (_PLAYS.index(name) % 10)))
    play = open_play(CALLS / f"{name}.call", at, caller)

    async def tell(_: Turn) -> None:
        """Tell nobody."""

    await replay(play, desk(catalog, store, at), None, tell)


async def _conversation(store: Store, now: datetime) -> None:
    """Let there be a call to read: something doubtful in it, missed, and marked."""
    unclear = json.dumps({"why": "unclear"})
    sure = {"command": "set_divert", "reason": "SAM"}
    turns = (
        Turn(0.0, Who.ATTENDANT, "Telefonisten."),
        Turn(1.6, Who.CALLER, "sammanträde till kvart i", 0.52, unclear),
        Turn(4.1, Who.ATTENDANT, "Förlåt, säg det igen."),
        Turn(6.2, Who.CALLER, "lunch till kvart i fem", 0.71, meant(0.71)),
        Turn(9.0, Who.ATTENDANT, "Lunch, åter sexton och fyrtiofem. Stämmer det?"),
        Turn(12.4, Who.CALLER, "nej sammanträde", 0.94, json.dumps(sure), "DivertSet"),
        Turn(15.2, Who.ATTENDANT, "Sammanträde, åter sexton och fyrtiofem. Klart."),
        Turn(18.0, Who.KEYS, "#23#", None, None),
        Turn(19.1, Who.ATTENDANT, "Hänvisningen är borttagen."),
    )
    call = Call(LISTED_CALL, "4949", SICK, now - timedelta(minutes=11))
    await told(store, call, turns, "hung_up", timedelta(seconds=22))
    mark = Misheard(LISTED_CALL, 3, "sammanträde till kvart i fem", "bo", now)
    await store.marks.put(mark)


async def _goes_on(store: Store, now: datetime) -> None:
    """Let a call go on, in which something has been said."""
    call = Call(OPEN_CALL, "4949", Extension("1501"), now - timedelta(seconds=20))
    await store.transcripts.begin(call)
    for turn in (
        Turn(0.0, Who.ATTENDANT, "Telefonisten."),
        Turn(1.8, Who.CALLER, "tjänsteärende till halv tre", 0.96, meant(0.96)),
        Turn(4.0, Who.ATTENDANT, "Tjänsteärende, åter fjorton och trettio. Klart."),
    ):
        await store.transcripts.add(call.id, turn)
