"""Has calendars call us when something changes, and renews that before it ends."""

import logging
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from voice.calendars.port import CalendarError, Watch, Watched
from voice.coupling.following import Coupled
from voice.divert.model import Extension
from voice.store.links_port import Link, LinkKind, Progress, Watching

log = logging.getLogger(__name__)

PUSHING = {LinkKind.GOOGLE: "google", LinkKind.OUTLOOK: "outlook"}
"""The kinds that can call, and what is added to the address that they call."""
_WANTED = timedelta(days=7)
# Renewed in good time: an hour's fault of theirs must not silence them.
_MARGIN = timedelta(hours=12)
_AFTER_FAULT = timedelta(hours=1)


class Watches:
    """The promises of calendars to call."""

    def __init__(self, coupled: Coupled) -> None:
        self._coupled = coupled
        self._not_before: dict[Extension, datetime] = {}

    async def renewed(self, link: Link, progress: Progress) -> Progress:
        """Return the progress with a promise that does not end soon, if there can be.

        Polling goes on without it, so that a fault here is only told of.
        """
        now, address = self._coupled.now(), self._coupled.settings.push_address
        if not address or link.kind not in PUSHING or not self._is_due(link, now):
            return progress
        old = progress.watching
        if old is not None and old.until - now > _MARGIN:
            return progress
        try:
            watching = await self._made(link, f"{address}/{PUSHING[link.kind]}")
        except CalendarError as error:
            log.warning("a calendar does not promise to call: %s", error)
            self._not_before[link.extension] = now + _AFTER_FAULT
            return progress
        return replace(progress, watching=watching)

    def _is_due(self, link: Link, now: datetime) -> bool:
        due = self._not_before.get(link.extension, now)
        # A clock may have been set back since.
        return not now < due <= now + _AFTER_FAULT

    async def _made(self, link: Link, address: str) -> Watching:
        token, until = secrets.token_urlsafe(24), self._coupled.now() + _WANTED
        turn = self._coupled.paces[link.kind].turn(writes=True)
        async with turn, self._coupled.open(link) as calendar:
            # Those of the kinds that can call are also this.
            watch = await cast(Watched, calendar).watch(address, token, until)
        return Watching(watch.id, watch.resource, token, watch.until)


async def unwatch(link: Link, progress: Progress, coupled: Coupled) -> None:
    """Ask a calendar to call no more."""
    watching = progress.watching
    if watching is not None:
        watch = Watch(watching.id, watching.resource, watching.until)
        async with coupled.open(link) as calendar:
            await cast(Watched, calendar).unwatch(watch)
