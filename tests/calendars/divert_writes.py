"""Diverts that people have set, and the bookings that stand for them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from voice.calendars.writing import Put, writes
from voice.divert.model import Divert, Extension, Mode, ReasonCode, Source

EXTENSION = Extension("1234")
HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 5, 11, 40, tzinfo=UTC)


def set_by_phone(reason, start, until):
    """Return a divert as somebody has set it by phone."""
    code = ReasonCode(reason)
    return Divert(EXTENSION, code, start, until, Mode.CLOSED, Source.VOICE, start)


def carried_out(planned, there):
    """Return our bookings after a plan was carried out."""
    after = dict(there)
    for write in planned:
        if isinstance(write, Put):
            after[write.block.key] = write.block
        else:
            del after[write.key]
    return after


def booking_of(divert):
    """Return the booking that was written when the divert was set."""
    return carried_out(writes(EXTENSION, [divert], {}, divert.start), {})


_seconds = st.integers(-3 * 3600, 3 * 3600).map(lambda s: timedelta(seconds=s))


@st.composite
def _diverts(draw):
    start = NOW + draw(_seconds)
    lasts = draw(st.none() | st.integers(1, 4 * 3600))
    until = None if lasts is None else start + timedelta(seconds=lasts)
    code = draw(st.sampled_from(["SAM", "TJÄ"]))
    return set_by_phone(code, start, until)


diverts = _diverts()
