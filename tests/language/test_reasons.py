"""What is plausible for a reason, as `reasons.toml` writes it, and badly written."""

from datetime import time, timedelta

import pytest

from voice.divert.model import Plausible, ReasonCode
from voice.language.faults import Faults, GrammarError
from voice.language.reasons import read_reasons

LUNCH = {"digit": "1", "kind": "clock", "lasts": "1h"}


def read(plausible: object) -> Plausible:
    faults = Faults({"reasons.toml": "[LUN]"})
    reasons = read_reasons({"LUN": {**LUNCH, "plausible": plausible}}, faults)
    faults.settle()
    return reasons[ReasonCode("LUN")].plausible


def test_hours_and_lengths_are_read():
    assert read({"hours": "10:00-14:30", "longest": "2h"}) == Plausible(
        (time(10), time(14, 30)), timedelta(hours=2)
    )
    assert read({"longest": "180d"}) == Plausible(longest=timedelta(days=180))
    assert read({"longest": "45m"}) == Plausible(longest=timedelta(minutes=45))
    assert read({}) == Plausible()


@pytest.mark.parametrize(
    ("plausible", "told"),
    [
        ("2h", "plausible is"),
        ({"longst": "2h"}, "plausible is"),
        ({"longest": "2 hours"}, "2 hours is no length"),
        ({"longest": "0h"}, "0h is no length"),
        ({"hours": "10-25"}, "10-25 are no hours"),
        ({"hours": "10:00"}, "10:00 are no hours"),
        ({"hours": "14:30-10:00"}, "14:30-10:00 end before they begin"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(plausible, told):
    with pytest.raises(GrammarError, match=rf"^reasons\.toml:1: LUN: {told}"):
        read(plausible)
