"""Times as they are said: "halv två", "på måndag", "till och med fredag"."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from voice.divert.model import Until
from voice.divert.walltime import at, instants, local, next_clock
from voice.divert.workdays import next_working
from voice.language.days import NoSuchDayError, day_of, span_of, weeks_of
from voice.language.template import Capture

# A time said without its half of the day is meant within the hours that offices
# are manned, both ends included.
OFFICE = (time(7), time(19))
DAY = timedelta(days=1)
# Further ahead than this, a date was more likely misheard than meant.
FAR = timedelta(days=270)
# Minutes of the patterns that name a share of an hour.
_SHARES = {
    "quarter": 15,
    "half_hour": 30,
    "three_quarter": 45,
    "couple_of_hours": 120,
    "sixty": 60,
    "ninety": 90,
    "hours_half": 30,
    "hours_quarter": 15,
    "half": 30,
    "quarter_to": 15,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a day: the hours each holds, and where each begins when alone."""

    hours: Mapping[str, tuple[time, time]]
    begins: Mapping[str, time]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is said, and what is needed to understand it."""

    now: datetime
    red_days: frozenset[date]
    parts: Parts

    @property
    def today(self) -> date:
        """Return the Swedish date."""
        return local(self.now).date()


@dataclass(frozen=True, slots=True)
class Absence:
    """When an absence is: from now or `start` to `until`; unsure when doubtful."""

    until: datetime | Until
    start: datetime | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as said; `exact` when it can only be one in twenty-four hours."""

    hour: int
    minute: int
    exact: bool = False

    def options(self) -> tuple[time, ...]:
        """Return the times of day that it can mean, earliest first."""
        if self.exact or self.hour > 12:
            return (time(self.hour % 24, self.minute),)
        half = self.hour % 12
        return time(half, self.minute), time(half + 12, self.minute)


def absence(said: Capture, moment: Moment) -> Absence:
    """Read how long an absence is; NoSuchDayError for the thirtieth of February."""
    found = _absence(said, moment)
    far = isinstance(found.until, datetime) and found.until - moment.now > FAR
    return replace(found, sure=False) if far else found


def _absence(said: Capture, moment: Moment) -> Absence:
    if said.slot == "until":
        return Absence(until(said, moment))
    inner = said.inner
    match said.pattern:
        case "until":
            return Absence(_until_or_length(inner[0], moment))
        case "until_bare":
            return Absence(_on(clock_of(inner[0]), None, None, moment), sure=False)
        case "in_a_while":
            # "Möte om tio minuter" is as often when it begins as when it ends.
            return Absence(ahead(inner[0], moment), sure=False)
        case "last":
            return Absence(last(inner[0], moment))
        case "length":
            return Absence(ahead(inner[0], moment))
        case "for_good":
            return Absence(Until.CLEARED)
        case "clocks" | "day_clocks":
            return _clock_to_clock(said, moment)
        case "half_day":
            return _half_day(inner, moment)
        case _:
            return _of_days(said, moment)


def _of_days(said: Capture, moment: Moment) -> Absence:
    inner = said.inner
    match said.pattern:
        case "rest_of_day":
            return Absence(at(next_working(moment.today, moment.red_days)))
        case "days_off":
            day = day_of(inner[0], moment.today)
            return _days(day, day, moment)
        case "rest_of_span":
            return _days(*span_of(inner[0] if inner else None, moment.today), moment)
        case "weeks":
            return _days(*weeks_of(inner, moment.today), moment)
        case _:
            return _day_to_day(said, moment)


def _until_or_length(said: Capture, moment: Moment) -> datetime:
    return ahead(said, moment) if said.slot == "duration" else until(said, moment)


def _days(first: date, last: date, moment: Moment) -> Absence:
    """Be away all of some days: back when work begins on the first one after."""
    start = at(first, time(0)) if first > moment.today else None
    return Absence(at(next_working(last, moment.red_days)), start)


def _half_day(said: tuple[Capture, ...], moment: Moment) -> Absence:
    """Be away until noon, or from noon until work begins again."""
    *day, half = said
    on = day_of(day[0], moment.today) if day else moment.today
    noon = at(on, moment.parts.hours["afternoon"][0])
    if half.pattern == "forenoon":
        return Absence(noon, at(on, time(0)) if on > moment.today else None)
    back = at(next_working(on, moment.red_days))
    return Absence(back, noon if noon > moment.now else None)


def _day_to_day(said: Capture, moment: Moment) -> Absence:
    first = day_of(said.inner[0], moment.today)
    last = day_of(said.inner[1], first)
    if said.pattern == "days_last":
        return _days(first, last, moment)
    start = at(first, time(0)) if first > moment.today else None
    # Many who say "från måndag till fredag" mean that they are away on Friday too.
    return Absence(at(last), start, sure=False)


def _clock_to_clock(said: Capture, moment: Moment) -> Absence:
    *near, begins, ends = said.inner
    day = day_of(near[0], moment.today) if near else None
    start = _on(clock_of(begins), day, None, moment)
    if not near and local(start).date() > moment.today:
        # "nio till elva" at ten: it has begun, unless both are past.
        begun = _on(clock_of(ends), moment.today, None, moment)
        if moment.now < begun and local(begun).date() == moment.today:
            return Absence(begun)
    return Absence(_first_after(start, ends), start if start > moment.now else None)


def _first_after(start: datetime, said: Capture) -> datetime:
    """Return the first instant after a start that a clock time can mean."""
    day = local(start).date()
    options = clock_of(said).options()
    instants = [at(d, clock) for d in (day, day + DAY) for clock in options]
    return next(instant for instant in instants if instant > start)


def until(said: Capture, moment: Moment) -> datetime:
    """Return the instant that the slot `until` names; a day alone means 08:00."""
    day, clock, part = (
        next((c for c in said.inner if c.slot in slots), None)
        for slots in (("day", "near"), ("clock",), ("daypart",))
    )
    on = day_of(day, moment.today) if day else None
    match said.pattern:
        case "span":
            return at(span_of(_span_in(said), moment.today)[0])
        case "part":
            return at(moment.today, moment.parts.begins["afternoon"])
        case "day" if on == moment.today:
            raise NoSuchDayError("Back today: say at what time.")
        case _ if clock:
            return _on(clock_of(clock), on, part, moment)
        case _ if on and part:
            return at(on, moment.parts.begins[part.pattern])
        case _:
            return at(on or moment.today)


def last(said: Capture, moment: Moment) -> datetime:
    """Return when work begins after what the slot `last` names."""
    inner = said.inner[0]
    match said.pattern:
        case "clock":
            return until(said, moment)
        case "day":
            last = day_of(inner, moment.today)
        case _:
            last = span_of(inner, moment.today)[1]
    return at(next_working(last, moment.red_days))


def _span_in(said: Capture) -> Capture:
    """Return the span that a "nästa vecka", "vecka 32" or "augusti" names."""
    if not said.inner:
        return Capture("span", "week_next")
    return Capture("span", said.inner[0].slot, said.inner)


def ahead(said: Capture, moment: Moment) -> datetime:
    """Return the instant that lies a said length ahead, to the whole minute.

    Days and weeks lead to 08:00 of their day, as a day alone does.
    """
    length = duration(said)
    if said.pattern in ("days", "weeks"):
        return at(moment.today + length)
    return moment.now.replace(second=0, microsecond=0) + length


def duration(said: Capture) -> timedelta:
    """Return the length of time that the slot `duration` names."""
    count, more, *_ = [*(int(c.pattern) for c in said.inner), 0, 0]
    match said.pattern:
        case "minutes":
            return timedelta(minutes=count)
        case "hours" | "hours_minutes":
            return timedelta(hours=count, minutes=more)
        case "hours_half" | "hours_quarter":
            return timedelta(hours=count, minutes=_SHARES[said.pattern])
        case "days":
            return timedelta(days=count)
        case "weeks":
            return timedelta(weeks=count)
        case share:
            return timedelta(minutes=_SHARES[share])


def clock_of(said: Capture) -> Clock:
    """Return the time of day that the slot `clock` names."""
    first, second, *_ = [*(int(c.pattern) for c in said.inner), 0, 0]
    match said.pattern:
        case "noon" | "midnight":
            return Clock(12 if said.pattern == "noon" else 0, 0, exact=True)
        case "early" | "early_minute" | "early_few":
            return Clock(first, second, exact=True)
        case "half" | "quarter_to":
            return _before(first, _SHARES[said.pattern])
        case "quarter_past":
            return Clock(first, 15)
        case "past":
            return Clock(second, first)
        case "to":
            return _before(second, first)
        case "to_half":
            return _before(second, 30 + first)
        case "past_half":
            return _before(second, 30 - first)
        case _:
            return Clock(first, second, exact=first == 0)


def _before(hour: int, minutes: int) -> Clock:
    return Clock((hour - 1) % 12 or 12, 60 - minutes)


def _on(
    clock: Clock, day: date | None, part: Capture | None, moment: Moment
) -> datetime:
    """Return the next instant that a clock time can mean; a past one is tomorrow's."""
    options = _meant(clock, moment.parts.hours[part.pattern] if part else None)
    if day is None:
        return min(next_clock(option, moment.now) for option in options)
    shown = [instant for option in options for instant in instants(day, option)]
    return next((i for i in shown if i > moment.now), shown[0])


def _meant(clock: Clock, hours: tuple[time, time] | None) -> tuple[time, ...]:
    """Leave out times outside the part of the day that was said, or the office's."""
    options = clock.options()
    if hours is None and len(options) == 1:
        return options
    first, last = hours or OFFICE
    return tuple(t for t in options if first <= t <= last) or options
