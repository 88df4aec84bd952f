"""The prompts that the code speaks, and what each of them can be filled with."""

from collections.abc import Mapping
from string import Formatter

from voice.divert.advice import Snag
from voice.language.faults import Faults

_PLACES = [
    "start",
    "divert",
    "reason",
    "confirm",
    "codes",
    "extension",
    "pin",
    "reception",
    "name",
    "which",
    "connect",
]
_PLAIN = (
    "greeting ask_divert ask_reason unknown_reason until_has_passed "
    "until_before_start nothing_to_clear nothing_to_change nothing_to_undo has_no_end "
    "no_such_code no_such_time no_such_date time_incomplete phone_is_open not_done "
    "cancelled rehearsal_begins rehearsed rehearsal_ends not_rehearsing goodbye "
    "goodbye_silent time_is_up putting_through putting_through_missed diverts_cleared "
    "change_undone command_clear command_undo command_change_open_ended from_voice "
    "from_keys from_web from_calendar from_operator day_today day_tomorrow "
    "length_minute length_hour length_day greeting_unknown greeting_pin ask_extension "
    "ask_pin identified not_identified not_identified_goodbye offer_operator "
    "goodbye_caller no_such_extension not_connected not_connected_goodbye ears_failed "
    "one_moment call_is_recorded what_now something_failed outer_unknown ask_name "
    "nobody_to_search which_name which_more not_listed ask_connect connecting "
    "not_connecting search_ended calendar_read advice_kept calendar_read_never "
    "forecast_today"
)
_DIVERT = (
    "phone_is_open_coming divert_standing ask_change divert_set divert_set_informing "
    "divert_changed"
)
_WITH_SOURCE = ("status", "status_informing", "why", "why_informing")
_FILLED = {
    "did_you_mean": "command",
    "divert_set_then": "divert left",
    "divert_changed_then": "divert left",
    "divert_set_still_closed": "divert left",
    "not_that_reason": "left",
    "diverts_cleared_many": "count",
    "diverts_cleared_left": "reason left",
    "change_undone_left": "left",
    "divert_back": "reason until",
    "divert_open_ended": "reason",
    "divert_usual": "reason",
    "divert_coming": "reason start until",
    "divert_coming_open_ended": "reason start",
    "command_clear_reason": "reason",
    "command_change_reason": "reason",
    "command_change_until": "until",
    "command_change_both": "reason until",
    "command_change_both_open_ended": "reason",
    "command_informing": "divert",
    "command_longer": "length",
    "command_shorter": "length",
    "calendar_read_ago": "length",
    "calendar_read_at": "moment",
    "calendar_read_failing": "since",
    "advice": "snags",
    "advice_one_more": "snags",
    "advice_more": "snags count",
    "meetings": "meetings",
    "meetings_that_day": "meetings",
    "meeting_closes": "when count",
    "forecast": "day",
    "forecast_closed": "day stretches",
    "forecast_closed_today": "day stretches",
    "forecast_informing": "day stretches",
    "forecast_informing_today": "day stretches",
    "forecast_both": "day stretches informing",
    "forecast_both_today": "day stretches informing",
    "stretch_between": "start until reason",
    "stretch_from": "start reason",
    "stretch_until": "until reason",
    "stretch_all": "reason",
    "stretch_rest": "reason",
    "clock_full": "hour",
    "clock_hour": "hour",
    "clock_early": "hour minute",
    "clock_minutes": "hour minute",
    "day_near": "weekday",
    "start_near": "weekday",
    "day_date": "weekday day month",
    "length_minutes": "count",
    "length_hours": "count",
    "length_days": "count",
    "length_both": "hours minutes",
    "announced": "name outer until",
    "announced_open_ended": "name outer",
    "phone_has_opened": "name",
    "phone_is_open_there": "name",
    "which_of": "count persons",
    "which_of_namesakes": "count name persons",
    "which_unit": "name",
    "person_of_unit": "name unit",
    "person_of_number": "name number",
    "namesake_of_unit": "unit",
    "namesake_of_number": "number",
    "list_end": "before last",
}


def _needs() -> dict[str, frozenset[str]]:
    needs = {key: frozenset[str]() for key in _PLAIN.split()}
    for kind in ("missed", "keys", "help", "silent"):
        needs |= {f"{kind}_{place}": frozenset[str]() for place in _PLACES}
    # A caller who is silent there is offered the operator once more.
    del needs["silent_reception"]
    needs |= {key: frozenset(("divert",)) for key in _DIVERT.split()}
    needs |= {key: frozenset(("divert", "source", "set_at")) for key in _WITH_SOURCE}
    needs |= {f"advice_{snag}": frozenset(("when", "day")) for snag in Snag}
    return needs | {key: frozenset(slots.split()) for key, slots in _FILLED.items()}


NEEDS: Mapping[str, frozenset[str]] = _needs()
"""Each prompt that the code speaks, with the slots that it may have."""

UNSPOKEN = frozenset({"advice_kept"})
"""Those that stand in transcripts alone, so that nobody need record them."""


def check_prompts(prompts: Mapping[str, str], faults: Faults) -> None:
    """Note prompts that are missing, that nothing speaks, or that cannot be filled."""
    for key in NEEDS:
        if key not in prompts:
            faults.add("prompts.toml", "", f"{key} is missing: write what it says")
    for key, text in prompts.items():
        if key not in NEEDS:
            faults.add("prompts.toml", key, f"{key} is never spoken: take it away")
            continue
        try:
            slots = {name for _, name, _, _ in Formatter().parse(text) if name}
        except ValueError as error:
            faults.add("prompts.toml", key, f"{key} cannot be read: {error}")
            continue
        for slot in sorted(slots - NEEDS[key]):
            known = " ".join(f"{{{name}}}" for name in sorted(NEEDS[key])) or "nothing"
            what = f"{key} can be filled with {known}, not with {{{slot}}}"
            faults.add("prompts.toml", key, what)
