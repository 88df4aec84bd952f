"""What an owner may hear of their own calendar: its age, snags, and meetings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice.divert.advice import Advice, touches
from voice.divert.explained import Counted
from voice.divert.forecast import Span
from voice.divert.model import Entry, EntryKey, Mode

# So young, a reading is as good as the calendar itself.
_FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the owner's own, and how many phones its code closes."""

    start: datetime
    phones: int


@dataclass(frozen=True, slots=True)
class Diary:
    """A calendar as it is known at an instant, to nobody but its owner."""

    at: datetime
    read_at: datetime | None
    failing_since: datetime | None = None
    advice: tuple[Advice, ...] = ()
    meetings: tuple[Meeting, ...] = ()

    @property
    def age(self) -> timedelta | None:
        """How old the reading is; None when there has been none."""
        if self.read_at is None:
            return None
        # Clocks of two programs can be apart.
        return max(self.at - self.read_at, timedelta())

    @property
    def is_fresh(self) -> bool:
        """Tell whether the reading is so young that its age says nothing."""
        return self.age is not None and self.age < _FRESH


def called_by_owner(
    entries: Iterable[Entry], spans: Sequence[Span], counted: Counted
) -> dict[EntryKey, datetime]:
    """Return the owner's own bookings in the spans that close phones, and when."""
    return {
        entry.key: entry.start
        for entry in entries
        if not entry.invited and closes(entry, counted) and touches(entry, spans)
    }


def closes(entry: Entry, counted: Counted) -> bool:
    """Tell whether a booking closes the phone of whoever has it in their calendar."""
    is_closed = entry.mark is not None and entry.mark.mode is Mode.CLOSED
    return is_closed and counted.why_not(entry) is None
