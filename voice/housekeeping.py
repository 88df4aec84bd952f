"""What is done beside calls for as long as the service runs."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeAlias

from voice.calls.live_call import Office
from voice.calls.naming import Naming
from voice.calls.recording import keep_clean
from voice.calls.switchboard import Switchboard
from voice.calls.unfinished import keep_ended
from voice.config import Settings
from voice.coupling.leading import Follower
from voice.errors import VoiceError, where
from voice.house import House
from voice.retention import keep_young
from voice.sound.recorded import has_slots
from voice.supervision import keep_telling

log = logging.getLogger(__name__)

Chore: TypeAlias = Callable[[], Coroutine[None, None, None]]

# Calls of other processes that share the store may be this old and still go on.
_LONGER_THAN_ANY_CALL = timedelta(minutes=10)
_BETWEEN_LOOKS = 5.0


def chores(
    chosen: Settings,
    office: Office,
    board: Switchboard,
    naming: Naming,
    follower: Follower,
) -> dict[str, Chore]:
    """Return all that is to be done, by name."""
    store = office.house().desk.door.store
    longest = timedelta(seconds=chosen.waiting.call) + _LONGER_THAN_ANY_CALL
    now: Callable[[], datetime] = office.now
    return {
        "sound that is kept": lambda: keep_clean(chosen.recording, now),
        "calls left open": lambda: keep_ended(store.transcripts, longest, now),
        "old transcripts": lambda: keep_young(store, chosen.retention, now),
        "the supervisor": lambda: keep_telling(chosen.supervisor),
        "prompts": lambda: _warm(office.house()),
        "names": naming.keep_current,
        "calendars": follower.run,
        "measures": lambda: _watch(board, office),
    }


async def kept_up(name: str, chore: Chore, again: float = 60.0) -> None:
    """Do a chore to its end, and `again` after some seconds when it breaks."""
    while True:
        try:
            return await chore()
        except Exception as error:
            # Of whatever kind: it must not end the calls beside it.
            log.error("%s: %s; it is tried again", name, where(error))
        await asyncio.sleep(again)


async def _warm(house: House) -> None:
    """Make every fixed prompt now, so that no caller waits for it."""
    for key, text in house.desk.catalog.prompts.items():
        if has_slots(text):
            continue
        with suppress(VoiceError):
            await house.mouth.say(text, key, keep=True)


async def _watch(board: Switchboard, office: Office) -> None:
    while True:
        waiting = sum(line.backlog.waiting for line in office.lines)
        office.measures.queue_depth("sound", waiting)
        office.measures.queue_depth("calls", board.standing)
        await asyncio.sleep(_BETWEEN_LOOKS)
