"""Swedish wall-clock time, turned into instants once and back once."""

from datetime import UTC, date, datetime, time, timedelta
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


def instants(day: date, clock: time) -> tuple[datetime, ...]:
    """Return when clocks show this time: twice in the autumn night, else once."""
    first, again = (at(day, clock.replace(fold=fold)) for fold in (0, 1))
    # In the spring night the second reading lies before the first (PEP 495).
    return (first, again) if first < again else (first,)


def next_clock(clock: time, now: datetime) -> datetime:
    """Return the next instant at which Swedish clocks show this time.

    A time that the spring night skips is the same distance after the gap, as long as
    the gap is to come.
    """
    shown = local(now)
    for instant in instants(shown.date(), clock):
        is_shown = clock > shown.time() or local(instant).time() == clock
        if instant > now and is_shown:
            return instant
    return instants(shown.date() + timedelta(days=1), clock)[0]
