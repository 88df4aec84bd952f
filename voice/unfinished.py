"""Calls whose process died before it could end them."""

import logging
from datetime import datetime

from voice.store.port import Transcripts

log = logging.getLogger(__name__)

OUTCOME = "broken_off"


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
