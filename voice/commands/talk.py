"""`talk`: the conversation of 4949 by microphone and loudspeaker."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from voice.calls.attendant import Attendant
from voice.calls.caller import LineCaller
from voice.commands.options import From, StoreUrl, console, extension, settings
from voice.commands.transcripts import show_turn
from voice.dialogue.opening import answer
from voice.house import open_house, read_catalog
from voice.phone.port import Arrival, Backlog, HungUp, Keyed, Sound
from voice.sound.desk import Desk
from voice.store.database import open_store
from voice.store.port import Call, CallId, Listing, Turn

_KEYS = frozenset("0123456789*#")


def talk(caller: From = None, store: StoreUrl = None) -> None:
    """Speak with the attendant; type keys and Enter, Ctrl-C hangs up.

    Without --from it is a trial, and nothing is kept.
    """
    try:
        asyncio.run(_talk(caller, store))
    except KeyboardInterrupt:
        console.print("\nHung up.")


async def _talk(caller: str | None, url: str | None) -> None:
    chosen, number, now = settings(), extension(caller), datetime.now(UTC)
    catalog = read_catalog(chosen.grammar)
    address = (url or chosen.store) if caller else "memory:"
    async with (
        open_store(address) as store,
        open_house(chosen, catalog, store, now) as house,
        Desk() as sound,
    ):
        if caller:
            await store.directory.find(number)
        else:
            await store.directory.add(Listing(number, "Anna"), now, "talk")
        call = Call(CallId(uuid4().hex[:12]), "4949", number, now)
        await store.transcripts.begin(call)
        record = partial(store.transcripts.add, call.id)
        attendant = Attendant(house.desk, number, now, record, _show)
        person = LineCaller(DeskLine(sound), house.understanding, live=True)
        outcome = await attendant.attend(person, answer())
        await store.transcripts.end(call.id, outcome, datetime.now(UTC))
    console.print(outcome)


async def _show(turn: Turn) -> None:
    show_turn(turn)


class DeskLine:
    """A desk's sound and the keyboard's keys, as a telephone line."""

    def __init__(self, sound: Desk) -> None:
        self._sound = sound
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._ended = False

    @property
    def backlog(self) -> Backlog:
        """How far what is taken lies behind: the desk keeps its own count."""
        return Backlog()

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield what is typed and said until the call ends."""
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin, self._typed)
        try:
            async for frame in self._sound:
                while not self._keys.empty():
                    yield Keyed(self._keys.get_nowait())
                if self._ended:
                    break
                yield Sound(frame)
        finally:
            loop.remove_reader(sys.stdin)
        yield HungUp()

    def _typed(self) -> None:
        line = sys.stdin.readline()
        # An end of input is somebody hanging up.
        self._ended = self._ended or not line
        for key in line:
            if key in _KEYS:
                self._keys.put_nowait(key)

    async def send(self, frame: bytes) -> None:
        """Speak 20 ms."""
        self._sound.send(frame)

    async def transfer(self, number: str) -> bool:
        """There is nobody to put the caller through to."""
        return False

    async def hang_up(self) -> None:
        """End the call."""
        self._ended = True
