"""Swedish wall-clock time, turned into instants once and back once."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
START_OF_WORK = time(8)


def at(day: date, clock: time = START_OF_WORK) -> datetime:
    """Return the instant of a Swedish wall-clock time.

    A time that the spring night skips becomes the same distance after the gap; of
    the two that the autumn night has, the first is meant (PEP 495, fold=0).
    """
    return datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)


def local(instant: datetime) -> datetime:
    """Return the Swedish wall-clock reading of an instant."""
    return instant.astimezone(STOCKHOLM)
