"""Follows calendars while no other program does that shares the store."""

from dataclasses import replace

from voice.calendar_measures import Situation
from voice.coupling.following import Coupled
from voice.coupling.situation import condition
from voice.coupling.syncing import NotFollowingError, Sync
from voice.leasing import Terms, Turns, lease
from voice.phone.port import Condition
from voice.store.links_port import Linked

_CALENDARS = "calendars"
_TERMS = Terms()
# Who is about to end has given them up by then.
_PATIENCE_SECONDS = 3.0


class Follower:
    """Follows calendars whenever it is our turn; each turn begins with the store."""

    def __init__(self, coupled: Coupled, terms: Terms = _TERMS) -> None:
        mine = lease(_CALENDARS)
        store = coupled.door.store
        self._turns = Turns(store.leases, mine, terms)
        # Whoever was overtaken changes no phone any more.
        door = replace(coupled.door, store=store.under(mine))
        self._coupled = replace(coupled, door=door)
        self._sync: Sync | None = None

    async def run(self) -> None:
        """Go on until cancelled."""
        await self._turns.run(self._follow)

    async def _follow(self) -> None:
        self._sync = Sync(self._coupled)
        try:
            await self._sync.run()
        finally:
            self._sync = None
            self._coupled.measures.note(Situation(), follows=False)

    async def once(self, patience: float = _PATIENCE_SECONDS) -> tuple[Linked, ...]:
        """Read every coupled calendar once, and write what is to be written."""
        sync, read = Sync(self._coupled), list[Linked]()

        async def chore() -> None:
            read.extend(await sync.once())

        await self._turns.once(chore, patience)
        return tuple(read)

    def called(
        self, id: str, token: str, resource: str | None = None, ending: bool = False
    ) -> bool:
        """Believe a calendar that calls, if it is one that promised to."""
        if self._sync is None:
            raise NotFollowingError("Another program follows calendars: call it.")
        return self._sync.called(id, token, resource, ending)

    @property
    def condition(self) -> Condition:
        """Whether calendars are read."""
        if self._sync is None:
            return Condition(True, "Another program follows them.")
        return condition(self._sync.linked(), self._coupled.now())
