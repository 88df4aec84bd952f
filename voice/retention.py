"""What was said in calls, kept for a site's days and then erased."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from voice.config import RetentionSettings
from voice.leasing import Terms, Turns, lease
from voice.store.port import Store
from voice.store.sessions_port import Limits

log = logging.getLogger(__name__)

_TRANSCRIPTS = "old transcripts"
BY = "retention"
# No site may let anybody be logged in for longer.
_LONGEST = Limits(longest=timedelta(days=7), idle=timedelta(days=7))
_BETWEEN_ERASURES = 3600.0
# Nobody is in a hurry to take over what is done every hour.
_TERMS = Terms(length=600.0, ours=420.0, renewed=120.0)


async def keep_young(
    store: Store, settings: RetentionSettings, now: Callable[[], datetime]
) -> None:
    """Erase what has been kept for its days, now and every hour, until cancelled.

    Of all programs that share the store, one does it.
    """

    async def erase() -> None:
        while True:
            erased = await erase_old(store, settings, now())
            if erased:
                log.info("the transcripts of %d calls were erased", erased)
            await asyncio.sleep(_BETWEEN_ERASURES)

    await Turns(store.leases, lease(_TRANSCRIPTS), _TERMS).run(erase)


async def erase_old(
    store: Store, settings: RetentionSettings, now: datetime, by: str = BY
) -> int:
    """Erase the calls that ended too long ago, with a receipt; count them.

    What the web forgets by itself is forgotten too: it may run no more.
    """
    await store.sessions.sweep(_LONGEST, now)
    await store.repeats.sweep(now)
    return await store.retention.erase_before(oldest(settings, now), now, by)


def oldest(settings: RetentionSettings, now: datetime) -> datetime:
    """Return before when a call must have ended to be erased."""
    return now - timedelta(days=settings.transcripts_days)
