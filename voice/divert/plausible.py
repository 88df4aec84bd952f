"""Diverts that are hardly as they were meant: lunch at four, a nine-hour meeting."""

from datetime import datetime
from enum import StrEnum

from voice.divert.model import Divert, Site
from voice.divert.walltime import local


class Oddity(StrEnum):
    """What is unusual about a divert, for its reason."""

    HOURS = "hours"
    LENGTH = "length"


def oddities(divert: Divert, site: Site, now: datetime) -> tuple[Oddity, ...]:
    """Say what is unusual about a divert; one without an end is as long as it stood."""
    reason = site.reasons.get(divert.reason)
    if reason is None:
        return ()
    found: list[Oddity] = []
    if reason.plausible.hours is not None:
        first, last = reason.plausible.hours
        ends = (each for each in (divert.start, divert.until) if each)
        if not all(first <= local(end).time() <= last for end in ends):
            found.append(Oddity.HOURS)
    length = (divert.until or now) - divert.start
    longest = reason.plausible.longest
    if longest is not None and length > longest:
        found.append(Oddity.LENGTH)
    return tuple(found)
