"""Calls whose process died before it could end them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from voice.errors import VoiceError
from voice.store.port import Transcripts

log = logging.getLogger(__name__)

OUTCOME = "broken_off"
_BETWEEN_LOOKS = 60.0


async def keep_ended(
    transcripts: Transcripts, longest: timedelta, now: Callable[[], datetime]
) -> None:
    """End calls that are older than any can be, now and every minute.

    It goes on until it is cancelled, also while the store cannot be reached.
    """
    while True:
        try:
            await break_off(transcripts, now() - longest, now())
        except VoiceError as error:
            log.warning("calls left open cannot be ended yet: %s", error)
        await asyncio.sleep(_BETWEEN_LOOKS)


async def break_off(transcripts: Transcripts, before: datetime, at: datetime) -> int:
    """End the calls that began before an instant and are not ended; count them.

    Where other processes share the store, `before` is so long ago that no call of
    theirs can still go on; a store of one's own has no calls but those left behind.
    """
    left = [call for call in await transcripts.unfinished() if call.began < before]
    for call in left:
        await transcripts.end(call.id, OUTCOME, at)
    if left:
        log.warning("%d calls of an earlier run were broken off", len(left))
    return len(left)
