"""What was said in calls, and who changed what, kept for a site's days and erased."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice.config import RetentionSettings
from voice.leasing import Terms, Turns, lease
from voice.store.audit_port import ChangesWanted
from voice.store.port import Store
from voice.store.sessions_port import Limits

log = logging.getLogger(__name__)

_TRANSCRIPTS = "old transcripts"
BY = "retention"
# No trail is as long.
_ALL = 10**7
# No site may let anybody be logged in for longer.
_LONGEST = Limits(longest=timedelta(days=7), idle=timedelta(days=7))
_BETWEEN_ERASURES = 3600.0
# Nobody is in a hurry to take over what is done every hour.
_TERMS = Terms(length=600.0, ours=420.0, renewed=120.0)


@dataclass(frozen=True, slots=True)
class Old:
    """How much is too old: calls, and changes on the trail."""

    calls: int
    changes: int


async def keep_young(
    store: Store, settings: RetentionSettings, now: Callable[[], datetime]
) -> None:
    """Erase what has been kept for its days, now and every hour, until cancelled.

    Of all programs that share the store, one does it.
    """

    async def erase() -> None:
        while True:
            erased = await erase_old(store, settings, now())
            if erased.calls:
                log.info("the transcripts of %d calls were erased", erased.calls)
            if erased.changes:
                log.info("%d changes on the trail were erased", erased.changes)
            await asyncio.sleep(_BETWEEN_ERASURES)

    await Turns(store.leases, lease(_TRANSCRIPTS), _TERMS).run(erase)


async def erase_old(
    store: Store, settings: RetentionSettings, now: datetime, by: str = BY
) -> Old:
    """Erase the calls and changes of too long ago, with receipts; count them.

    What the web forgets by itself is forgotten too: it may run no more.
    """
    await store.sessions.sweep(_LONGEST, now)
    await store.repeats.sweep(now)
    calls, changes = oldest(settings, now)
    return Old(
        await store.retention.erase_before(calls, now, by),
        await store.retention.erase_changes_before(changes, now, by),
    )


async def count_old(store: Store, settings: RetentionSettings, now: datetime) -> Old:
    """Count what would be erased."""
    calls, changes = oldest(settings, now)
    found = await store.audit.find(ChangesWanted(until=changes), limit=_ALL)
    return Old(await store.retention.erasable(calls), len(found.changes))


def oldest(settings: RetentionSettings, now: datetime) -> tuple[datetime, datetime]:
    """Return before when calls must have ended, and changes been made, to be erased."""
    days = settings.transcripts_days, settings.trail_days
    calls, changes = (now - timedelta(days=each) for each in days)
    return calls, changes
