"""The one door that every command passes, from whichever mouth it comes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from voice.dialogue.heard import Happened
from voice.divert.model import Command, Event, Extension, Site, Source, Standing
from voice.divert.routing import Outlook, outlook
from voice.divert.rules import applied, decide
from voice.store.port import Store

Check: TypeAlias = Callable[[Standing], None]
"""Looks at what stands before a command is carried out; it raises to stop it."""


@dataclass(frozen=True, slots=True)
class Door:
    """Carries commands out in the store, under a site's rules."""

    store: Store
    site: Site

    async def obey(
        self,
        command: Command,
        now: datetime,
        by: Source,
        name: str = "",
        check: Check | None = None,
    ) -> Event:
        """Carry out a command, spoken, keyed, clicked or read from a calendar.

        The trail tells who asked, where a name is given.
        """

        def decided(standing: Standing) -> Event:
            if check is not None:
                check(standing)
            return decide(command, standing, self.site, now)

        hand = f"{by.value}: {name}" if name else by.value
        return await self.store.diverts.apply(command.extension, decided, now, hand)

    async def standing(self, extension: Extension, now: datetime) -> Outlook:
        """Return what stands on an extension."""
        standing = await self.store.diverts.standing(extension)
        return outlook(standing.diverts, now)


class Rehearsal:
    """A door into a copy of what stands: nothing that passes it is kept."""

    def __init__(self, standing: Standing, site: Site) -> None:
        self.standing, self._site = standing, site

    def attempt(self, command: Command, now: datetime) -> Happened:
        """Say what the command would have done, after those tried before it."""
        event = decide(command, self.standing, self._site, now)
        self.standing = applied(event, self.standing, now)
        return Happened(event, outlook(self.standing.diverts, now))
