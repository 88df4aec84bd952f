"""Which calls somebody asks for, as the address of a page says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from voice.divert.model import Extension
from voice.divert.walltime import at
from voice.store.calls_port import CallId
from voice.store.search_port import CallsWanted

FIELDS = (
    *("q", "fran", "till", "anknytning", "nummer", "utfall", "under"),
    *("plats", "oklart", "markerat"),
)
"""What can be asked for; `efter` is where the page before this one ended."""
AFTER = "efter"
OUTCOMES = ("ended", "hung_up", "transferred", "line_lost", "broken_off", "failed")
"""How a call can end; how one of an earlier version ended may be none of these."""
SCORES = ("90", "80", "70", "60", "50")
_LONGEST = 200
_YEARS = range(2000, 2100)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calls are asked for; faults are keys of words, each by its field."""

    wanted: CallsWanted
    after: CallId | None
    fields: Mapping[str, str]
    """What was filled in, as it was."""
    faults: Mapping[str, str] = field(default_factory=dict)

    def address(self, after: CallId | None) -> str:
        """Return where the same is asked for, after another call."""
        there = {AFTER: str(after)} if after else {}
        return f"/samtal?{urlencode({**self.fields, **there})}"


def asked(given: Mapping[str, str]) -> Asked:
    """Read what is asked for; what cannot be read is a fault, and asks for nothing."""
    typed = {name: given.get(name, "").replace("\0", "").strip() for name in FIELDS}
    fields = {name: text for name, text in typed.items() if text}
    faults: dict[str, str] = {}

    def day(name: str, later: timedelta = timedelta()) -> datetime | None:
        found = _day(typed[name]) if typed[name] else None
        if typed[name] and found is None:
            faults[name] = "calls.bad_day"
        return None if found is None else at(found + later, time())

    faults |= {
        name: "calls.too_long" for name, text in fields.items() if len(text) > _LONGEST
    }
    since, until = day("fran"), day("till", _A_DAY)
    if since and until and since >= until:
        faults["till"] = "calls.bad_order"
    if typed["under"] and typed["under"] not in SCORES:
        faults["under"] = "calls.bad_score"
    wanted = CallsWanted(
        text=typed["q"][:_LONGEST],
        since=since,
        until=until,
        extension=Extension(typed["anknytning"]) if typed["anknytning"] else None,
        place=typed["nummer"] or None,
        at=typed["plats"] or None,
        outcome=typed["utfall"] or None,
        below=int(typed["under"]) / 100 if typed["under"] in SCORES else None,
        misunderstood=bool(typed["oklart"]),
        marked=bool(typed["markerat"]),
        going_on=False,
    )
    after = given.get(AFTER, "").replace("\0", "")[:_LONGEST]
    return Asked(wanted, CallId(after) if after else None, fields, faults)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None
