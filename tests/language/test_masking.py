"""Names and personal numbers, struck out however they are written or spoken."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.config import settings
from voice.house import read_catalog
from voice.language.masking import mask, masked

NUMBERS = read_catalog(settings({}).grammar).numbers
MASK = mask(["Åsa Öström-Lindqvist", "Bo Ek"], NUMBERS)
SPOKEN = {digit: NUMBERS.spoken(digit) for digit in range(10)}
TWO = {n: "".join(NUMBERS.cardinals[n][0]) for n in range(10, 100)}


def check_digit(nine: str) -> int:
    """Return the last digit, by the sum of every other digit doubled."""
    doubled = (int(d) * (2 - nth % 2) for nth, d in enumerate(nine))
    return -sum(n // 10 + n % 10 for n in doubled) % 10


@st.composite
def personal_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1890, 1, 1), date(2025, 12, 31)))
    # A coordination number's day is sixty more.
    day = born.day + draw(st.sampled_from([0, 60]))
    nine = f"{born:%y%m}{day:02}{draw(st.integers(1, 999)):03}"
    century = draw(st.sampled_from(["", f"{born:%Y}"[:2]]))
    return f"{century}{nine}{check_digit(nine)}"


between = st.sampled_from(["", " ", "-", "+", " - ", ".", "/", "\u2013", "\u00a0"])


@st.composite
def typed(draw: st.DrawFn) -> str:
    """Write a personal number with signs between any of its digits."""
    first, *others = draw(personal_numbers())
    return first + "".join(draw(between) + digit for digit in others)


def years(century: str, two: str) -> list[str]:
    """Return the ways to say a year: "nittonhundra åttio", or as one word."""
    firsts = NUMBERS.centuries[int(century)]
    last = {"00": ""}.get(two, NUMBERS.spoken(int(two)))
    joined = last.replace(" ", "")
    return [f"{first}{between}{joined}" for first in firsts for between in ("", " ")]


@st.composite
def spoken(draw: st.DrawFn) -> str:
    """Say a personal number, digit by digit or two at a time, hesitating at times."""
    left, words = draw(personal_numbers()), []
    if len(left) == 12 and draw(st.booleans()):
        left, year = left[4:], draw(st.sampled_from(years(left[:2], left[2:4])))
        words.append(year)
    while left:
        two = int(left[:2])
        if len(left) > 1 and two > 9 and draw(st.booleans()):
            words.append(draw(st.sampled_from([TWO[two], NUMBERS.spoken(two)])))
            left = left[2:]
        else:
            words.append(draw(st.sampled_from([SPOKEN[int(left[0])], left[0]])))
            left = left[1:]
        words.append(draw(st.sampled_from(["", "", "eh", "streck", "hundra"])))
    return " ".join(filter(None, words))


@given(st.sampled_from(["", "mitt nummer är ", "Ring "]), typed() | spoken())
def test_no_personal_number_is_left(before: str, number: str):
    told = masked(f"{before}{number} tack", MASK)
    assert re.fullmatch(rf"{before}…( (eh|streck|hundra))? tack", told)


@given(
    st.text(),
    st.sampled_from(["Åsa", "ÖSTRÖM", "lindqvists", "Bo", "Eks", "A\u030asa"]),
)
def test_no_name_is_left(text: str, name: str):
    told = masked(f"{text} {name} {text}", MASK)
    left = {word.casefold() for word in re.findall(r"[^\W\d_]+", told)}
    assert left.isdisjoint({"åsa", "öström", "lindqvists", "bo", "eks"})


@given(st.text() | typed() | spoken())
def test_what_is_masked_stays_as_it_is(text: str):
    told = masked(text, MASK)
    assert masked(told, MASK) == told


@pytest.mark.parametrize(
    "text",
    [
        "lunch till halv ett",
        "070-123 45 67",
        "2026-03-05 11:40",
        "anknytning 1234, och sedan 2345",
        # Its last digit is wrong, and so it is nobody's.
        "800101-9003",
        # Part of a longer number.
        "48001019002",
        "Ekmans väg",
    ],
)
def test_all_else_is_left(text: str):
    assert masked(text, MASK) == text
