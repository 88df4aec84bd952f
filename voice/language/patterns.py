"""The patterns of times.toml, by slot: the names that `times` and `days` understand."""

from collections.abc import Mapping

from voice.language.faults import Faults
from voice.language.template import Rules

_SPANS = "week_this week_next weekend week month year"
_KNOWN = {
    "weekday": "0 1 2 3 4 5 6",
    "month": "1 2 3 4 5 6 7 8 9 10 11 12",
    "daypart": "night morning forenoon afternoon evening",
    "halfday": "forenoon afternoon",
    "clock": (
        "hour hour_minute hour_few early early_minute early_few half quarter_past "
        "quarter_to past to to_half past_half noon midnight"
    ),
    "day": (
        "today tomorrow after_tomorrow weekday weekday_next weekday_date date "
        "date_numbers day_of_month first_of_month last_of_month year_end"
    ),
    "span": _SPANS,
    "informing": "informing",
    "more": "duration",
    "duration": (
        "minutes quarter half_hour three_quarter sixty ninety couple_of_hours hours "
        "hours_half hours_quarter hours_minutes days weeks"
    ),
    "near": "today tomorrow weekday",
    "until": "clock day day_clock day_part part span",
    "last": "clock day span",
    "time": (
        "until until_bare in_a_while last length rest_of_day days_off rest_of_span "
        "half_day weeks for_good days_until days_last clocks day_clocks"
    ),
    "return": "until",
    "away": "days_off rest_of_span",
}
KNOWN: Mapping[str, frozenset[str]] = {
    slot: frozenset(patterns.split()) for slot, patterns in _KNOWN.items()
}
"""The patterns that each slot may have; other slots hold numbers or reasons."""


def check_patterns(rules: Rules, faults: Faults) -> None:
    """Note patterns without a meaning, and slots or names that are not there."""
    for slot, known in KNOWN.items():
        there = rules.slots.get(slot, {}).keys()
        if not there:
            faults.add("times.toml", "", f"[{slot}] is missing: put it back")
        for pattern in there - known:
            what = f"[{slot}] {pattern} has no meaning; known: {_listed(known)}"
            faults.add("times.toml", pattern, what)
    for slot in ("weekday", "month"):
        for number in KNOWN[slot] - rules.slots.get(slot, {}).keys():
            faults.add("times.toml", f"[{slot}]", f"[{slot}] {number} has no name")
    for code in rules.slots.get("back", {}).keys() - rules.slots["reason"].keys():
        faults.add("times.toml", code, f"[back] {code} is no reason")
    for number in rules.slots.get("fives", {}):
        if not number.isdecimal():
            faults.add("times.toml", number, f"[fives] {number} is no number")


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
