"""Feature codes: read, refused, written back, and keyed one at a time."""

import pytest
from divert_stories import EXTENSION, REASONS, SITE, instant
from hypothesis import example, given
from hypothesis import strategies as st

from voice.divert.codes import CodePlan, Progress, parse, progress, serialise
from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    FollowCalendar,
    Mode,
    Refused,
    SetDivert,
    Source,
    UndoChange,
    Until,
)

PLAN = CodePlan()
DAY_FIRST = CodePlan(date="DDMM")
NOW = instant("2025-03-05 11:40")

plans = st.builds(
    CodePlan,
    absence=st.sampled_from(["23", "2", "230"]),
    clock=st.just("HHMM"),
    date=st.sampled_from(["MMDD", "DDMM"]),
)
nows = st.datetimes(
    instant("2024-01-01 00:00").replace(tzinfo=None),
    instant("2029-01-01 00:00").replace(tzinfo=None),
    timezones=st.timezones(),
)
digits = st.text("0123456789", min_size=4, max_size=4)
codes = st.builds("*{}*{}*{}#".format, st.just("23"), st.sampled_from("2367"), digits)


def read(dialled, now=NOW, plan=PLAN):
    return parse(dialled, plan, SITE, EXTENSION, now)


def until_of(dialled, now, plan=PLAN):
    """Return the end that the code gives, or why it gives none."""
    command = read(dialled, instant(now), plan)
    return command.why if isinstance(command, Refused) else command.until


@pytest.mark.parametrize(
    ("dialled", "reason", "until"),
    [
        ("*23*3*1530#", "SAM", instant("2025-03-05 15:30")),
        ("*23*6*0805#", "SEM", instant("2025-08-05 08:00")),
        ("*23*2#", "TJÄ", None),
        ("*23*7#", "LDG", None),
        (" *23*3*1530# \n", "SAM", instant("2025-03-05 15:30")),
        ("%2A23%2a3*1530%23", "SAM", instant("2025-03-05 15:30")),
    ],
)
def test_a_code_registers_an_absence(dialled, reason, until):
    assert read(dialled) == SetDivert(EXTENSION, reason, until, source=Source.KEYS)


@pytest.mark.parametrize("dialled", ["#23#", "%2323%23", " #23# "])
def test_a_code_opens_the_phone(dialled):
    assert read(dialled) == ClearDivert(EXTENSION)


@pytest.mark.parametrize(
    ("dialled", "why"),
    [
        ("", "no_such_code"),
        ("#24#", "no_such_code"),
        ("*21*3*1530#", "no_such_code"),
        ("*23*3*1530", "no_such_code"),
        ("*23**1530#", "no_such_code"),
        ("*23*٣*1530#", "no_such_code"),
        ("#23*3#", "no_such_code"),
        ("*23*9#", "unknown_reason"),
        ("*23*33*1530#", "unknown_reason"),
        ("*23*3*153#", "time_incomplete"),
        ("*23*3*#", "time_incomplete"),
        ("*23*6*080#", "time_incomplete"),
        ("*23*3*15300#", "no_such_time"),
        ("*23*3*2400#", "no_such_time"),
        ("*23*3*1360#", "no_such_time"),
        ("*23*6*08055#", "no_such_date"),
        ("*23*6*0230#", "no_such_date"),
        ("*23*6*1301#", "no_such_date"),
        ("*23*6*0000#", "no_such_date"),
        ("*23*6*1530#", "no_such_date"),
        ("*23*6*0305#", "until_has_passed"),
    ],
)
def test_a_code_that_cannot_be_obeyed_is_refused_with_its_reason(dialled, why):
    assert read(dialled) == Refused(why)


@pytest.mark.parametrize(
    ("dialled", "now", "until"),
    [
        ("*23*3*0800#", "2025-03-05 16:00", "2025-03-06 08:00"),
        ("*23*3*1600#", "2025-03-05 16:00", "2025-03-06 16:00"),
        ("*23*3*0000#", "2025-03-05 23:59", "2025-03-06 00:00"),
        ("*23*3*0800#", "2025-12-31 23:59", "2026-01-01 08:00"),
        ("*23*6*0304#", "2025-03-05 11:40", "2026-03-04 08:00"),
        ("*23*6*0305#", "2025-03-05 07:59", "2025-03-05 08:00"),
        ("*23*6*0107#", "2025-12-20 12:00", "2026-01-07 08:00"),
        ("*23*6*0229#", "2028-02-01 12:00", "2028-02-29 08:00"),
        ("*23*6*0229#", "2027-03-01 12:00", "2028-02-29 08:00"),
    ],
)
def test_what_has_passed_is_the_next_one(dialled, now, until):
    assert until_of(dialled, now) == instant(until)


@pytest.mark.parametrize("now", ["2026-03-01 12:00", "2027-02-28 12:00"])
def test_a_leap_day_more_than_a_year_away_is_no_date(now):
    assert until_of("*23*6*0229#", now) == "no_such_date"


def test_todays_date_is_past_when_it_is_eight():
    assert until_of("*23*6*0305#", "2025-03-05 08:00") == "until_has_passed"


def test_a_leap_day_that_has_passed_is_no_date():
    assert until_of("*23*6*0229#", "2028-06-01 12:00") == "no_such_date"


def test_a_site_may_put_the_day_first():
    until = until_of("*23*6*0508#", "2025-03-05 11:40", DAY_FIRST)
    assert until == instant("2025-08-05 08:00")


@pytest.mark.parametrize("now", ["2026-03-28 23:00", "2026-03-29 01:00"])
def test_the_spring_night_has_no_half_past_two(now):
    assert until_of("*23*3*0230#", now) == "no_such_time"


@pytest.mark.parametrize("now", ["2026-03-29 03:15", "2026-03-29 12:00"])
def test_after_the_spring_night_half_past_two_is_tomorrow(now):
    assert until_of("*23*3*0230#", now) == instant("2026-03-30 02:30")


def test_the_autumn_night_has_half_past_two_twice():
    first = until_of("*23*3*0230#", "2026-10-24 23:00")
    again = read("*23*3*0230#", first).until
    after = read("*23*3*0230#", again).until
    assert (again - first).total_seconds() == 3600
    assert after == instant("2026-10-26 02:30")


@given(codes, plans, nows)
@example("*23*3*0230#", PLAN, instant("2026-10-25 02:00"))
@example("*23*6*0229#", PLAN, instant("2027-02-28 12:00"))
def test_what_a_code_asks_for_has_that_code(code, plan, now):
    dialled = code.replace("*23*", f"*{plan.absence}*")
    command = read(dialled, now, plan)
    if isinstance(command, Refused):
        assert command.why in {"no_such_time", "no_such_date", "until_has_passed"}
        return
    assert command.until > now
    assert serialise(command, plan, SITE) == dialled
    assert read(serialise(command, plan, SITE), now, plan) == command


@given(st.sampled_from(list(REASONS)))
def test_a_code_without_time_comes_back(reason):
    command = SetDivert(EXTENSION, reason, source=Source.KEYS)
    assert read(serialise(command, PLAN, SITE)) == command


def test_the_clearing_code_comes_back():
    assert read(serialise(ClearDivert(EXTENSION), PLAN, SITE)) == ClearDivert(EXTENSION)


@pytest.mark.parametrize(
    "command",
    [
        ClearDivert(EXTENSION, "SAM"),
        ChangeDivert(EXTENSION),
        UndoChange(EXTENSION),
        FollowCalendar(EXTENSION, ()),
        SetDivert(EXTENSION, "XXX"),
        SetDivert(EXTENSION, "SAM", Until.CLEARED),
        SetDivert(EXTENSION, "SAM", mode=Mode.INFORMING),
        SetDivert(EXTENSION, "SAM", start=NOW),
        SetDivert(EXTENSION, "SAM", NOW.replace(second=1)),
        SetDivert(EXTENSION, "SEM", instant("2025-08-05 12:00")),
    ],
)
def test_what_no_code_can_ask_for_has_none(command):
    assert serialise(command, PLAN, SITE) is None


keyed = st.text("0123456789*#%", max_size=14)


@given(st.text() | keyed | codes, nows)
@example("*23*3*" + "9" * 5000 + "#", NOW)
@example("%2%233#", NOW)
def test_any_text_is_a_command_or_a_refusal(dialled, now):
    assert isinstance(read(dialled, now), SetDivert | ClearDivert | Refused)


@given(codes | st.sampled_from(["#23#", "*23*7#"]))
def test_keys_that_arrive_one_at_a_time_are_whole_only_at_the_end(code):
    ways = [progress(code[:count], PLAN) for count in range(len(code) + 1)]
    assert ways == [Progress.COULD_GO_ON] * len(code) + [Progress.WHOLE]


@pytest.mark.parametrize("keys", ["1", "**", "##", "*24", "*23**", "#23*", "*23*7#1"])
def test_keys_that_begin_no_code_are_wrong(keys):
    assert progress(keys, PLAN) is Progress.WRONG


@given(keyed, keyed, nows)
@example("*23*3*15300", "#", NOW)
def test_nothing_wrong_becomes_a_code(keys, more, now):
    if progress(keys, PLAN) is Progress.WRONG:
        assert isinstance(read(keys + more, now), Refused) or "%" in keys + more
