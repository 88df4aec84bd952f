"""What an owner may hear of their own calendar, gathered from the store."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from voice.divert.advice import advice
from voice.divert.diary import Diary, Meeting, called_by_owner, closes
from voice.divert.explained import Counted
from voice.divert.forecast import Span
from voice.divert.model import Entry, Extension
from voice.obey import Door
from voice.store.port import Store

# Each meeting is looked for in everybody's calendar; of more nobody wants to hear.
_MOST_MEETINGS = 6


async def diary_of(
    extension: Extension,
    door: Door,
    counted: Counted,
    spans: Sequence[Span],
    now: datetime,
) -> Diary | None:
    """Return how old a calendar's reading is, and what its bookings in the spans do.

    None where the phone follows no calendar.
    """
    links = [each for each in await door.store.links.list(extension) if each.coupled]
    if not links:
        return None
    progress = links[0].progress
    if not spans:
        return Diary(now, progress.read_at, progress.failing_since)
    kept = await door.store.links.kept(extension)
    entries = [each for each in kept.entries if each.key not in kept.opted_out]
    return Diary(
        now,
        progress.read_at,
        progress.failing_since,
        advice(entries, spans, door.site, counted),
        await _meetings(entries, spans, counted, door.store),
    )


async def _meetings(
    entries: Sequence[Entry], spans: Sequence[Span], counted: Counted, store: Store
) -> tuple[Meeting, ...]:
    """Return the owner's meetings that close more phones than the owner's."""
    own = called_by_owner(entries, spans, counted)
    first = sorted(own, key=lambda key: own[key])[:_MOST_MEETINGS]
    copies = await store.links.copies(first) if first else ()
    phones = Counter(copy.key for copy in copies if closes(copy, counted))
    return tuple(Meeting(own[key], phones[key]) for key in first if phones[key] > 1)
