"""The reasons to be away and their words: `reasons.toml`."""

from collections.abc import Mapping

from voice.divert.model import Kind, Plausible, Reason, ReasonCode
from voice.language.catalog import Wording
from voice.language.faults import Faults, Table
from voice.language.lasting import hours, lasting, length
from voice.language.reason_words import is_spoken

_FILE = "reasons.toml"


def read_reasons(
    table: Mapping[str, Table], faults: Faults
) -> dict[ReasonCode, Reason]:
    """Read the reasons as far as the rules care, and note what is wrong with them."""
    reasons: dict[ReasonCode, Reason] = {}
    for code, entry in table.items():
        try:
            lasts, kind = lasting(str(entry["lasts"])), Kind(str(entry["kind"]))
            digit, usual = str(entry["digit"]), _plausible(entry.get("plausible", {}))
        except (KeyError, ValueError) as error:
            faults.add(_FILE, code, f"{code}: {error}")
            continue
        if not digit.isdecimal():
            faults.add(_FILE, code, f"{code}: {digit} is no digit")
        if any(known.digit == digit for known in reasons.values()):
            faults.add(_FILE, code, f"{code}: {digit} is taken")
        reason = ReasonCode(code)
        short = bool(entry.get("short", False))
        reasons[reason] = Reason(reason, digit, kind, lasts, short, usual)
    return reasons


def read_wordings(
    table: Mapping[str, Table], faults: Faults
) -> dict[ReasonCode, Wording]:
    """Read what the reasons are called, and note what is wrong with it."""
    for code, entry in table.items():
        for name in ("label", "outer"):
            wording = entry.get(name)
            if not isinstance(wording, str):
                faults.add(_FILE, code, f"{code} has no {name}")
            elif not is_spoken(wording):
                what = f"{code}: {name} is 1 to 60 letters, digits, spaces and - , . /"
                faults.add(_FILE, code, what)
        if not isinstance(entry.get("discreet", False), bool):
            faults.add(_FILE, code, f"{code}: discreet is true or false")
    return {
        ReasonCode(code): Wording(
            str(e.get("label")), str(e.get("outer")), e.get("discreet") is True
        )
        for code, e in table.items()
    }


def _plausible(value: object) -> Plausible:
    if not isinstance(value, dict) or not value.keys() <= {"hours", "longest"}:
        raise ValueError('plausible is { hours = "10:00-14:30", longest = "2h" }')
    return Plausible(
        hours(str(value["hours"])) if "hours" in value else None,
        length(str(value["longest"])) if "longest" in value else None,
    )
