"""People of a directory server as lines: each fault is told, and takes little along."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ldap_people import USUAL, entry

from voice.ldap.entries import Entry, row_of
from voice.numbering import NumberPlan
from voice.staff import Wrong
from voice.staff_ldap import Listed, extension_in, listed


def read(*entries: Entry, last_digits: int = 0) -> Listed:
    return listed(entries, replace(USUAL, last_digits=last_digits), NumberPlan())


@pytest.mark.parametrize(
    ("number", "last_digits", "extension"),
    [
        ("1234", 0, "1234"),
        ("12 34", 0, "1234"),
        ("+46 63-14 12 34", 4, "1234"),
        ("063-14 12 34", 4, "1234"),
        ("tel:+4663141234", 4, "1234"),
        ("tel:+4663141234;ext=1234", 0, "1234"),
        ("+4663140000;EXT=77", 4, "77"),
        ("+4663140000;ext=77;phone-context=x", 4, "77"),
        ("12", 4, "12"),
        ("00123", 3, "123"),
        # What has none stays, to be told as it is written.
        ("+46 63-14 12 34", 0, "+46 63-14 12 34"),
        ("växel 1234", 4, "växel 1234"),
        ("+", 4, "+"),
        ("٣٤", 2, "٣٤"),
    ],
)
def test_an_extension_is_found_in_a_number(number, last_digits, extension):
    assert extension_in(number, last_digits) == extension


@given(st.text(), st.integers(0, 15))
def test_a_number_of_any_kind_is_read(number: str, last_digits: int):
    found = extension_in(number, last_digits)
    assert extension_in(found, last_digits) == found


def test_somebody_without_a_number_is_not_meant():
    found = read(entry("Anna", mail="a@example.org"))
    assert (found.people, found.lines, found.left_out) == (0, (), ())


def test_a_wrong_cell_leaves_that_cell_alone():
    found = read(
        entry("Anna Berg", ipPhone="1234", mail="anna", mobile="finns ej", ou="Skola")
    )
    (line,) = found.lines
    assert (line.name, line.unit, line.mail, line.mobiles) == (
        "Anna Berg",
        "Skola",
        None,
        None,
    )
    assert [str(each) for each in found.left_out] == [
        "Anna Berg: 'anna' is no mail address: write it as anna.berg@example.se.",
        "Anna Berg: 'finns ej' is no mobile: write it as 070-123 45 67 or "
        "+46701234567.",
    ]
    assert found.unread == frozenset()


@pytest.mark.parametrize(
    ("name", "number", "wrong"),
    [
        ("Anna", "växeln", Wrong.NUMBER),
        ("Anna", "1" * 21, Wrong.NUMBER),
        ("A" * 201, "1234", Wrong.LONG),
        ("Anna\u202egreB", "1234", Wrong.SIGNS),
        ("Anna\x00", "1234", Wrong.SIGNS),
        (b"\xc5sa", "1234", Wrong.SIGNS),
        ("\u00ad", "1234", Wrong.SIGNS),
    ],
)
def test_a_wrong_number_or_name_leaves_somebody_alone(name, number, wrong):
    found = read(entry(name, ipPhone=number, mail="Anna@example.org"))
    assert found.lines == ()
    (left,) = found.left_out
    assert left.fault.wrong is wrong
    assert found.unread == {number}
    assert found.unread_mails == {"anna@example.org"}


def test_a_name_over_several_lines_is_on_one():
    (line,) = read(entry("Anna\n  Berg\u00a0Ek", ipPhone="1")).lines
    assert line.name == "Anna Berg Ek"


def test_two_with_one_number_are_both_left_alone():
    found = read(
        entry("Bo", ipPhone="7"), entry("Anna", ipPhone="7"), entry("Eva", ipPhone="8")
    )
    assert [line.extension for line in found.lines] == ["8"]
    assert [str(each) for each in found.left_out] == [
        "Anna: 7 is that of Bo too: leave it with one of them.",
        "Bo: 7 is that of Anna too: leave it with one of them.",
    ]
    assert found.unread == {"7"}


def test_one_mobile_written_twice_is_one():
    (line,) = read(
        entry("Anna", ipPhone="1", mobile="070-1234567", otherMobile="+46701234567")
    ).lines
    assert line.mobiles == ("+46701234567",)


@given(
    st.lists(
        st.tuples(
            st.text(max_size=5),
            st.sampled_from(["1", "2", "3", "x", "", "\x00"]),
            st.text(max_size=8),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_a_server_changes_nothing(people, chance):
    entries = [entry(name, ipPhone=n, mail=mail) for name, n, mail in people]
    mixed = chance.sample(entries, len(entries))
    found = read(*entries)
    assert read(*mixed).lines == found.lines
    assert set(map(str, read(*mixed).left_out)) == set(map(str, found.left_out))
    told = {line.extension for line in found.lines} | found.unread
    assert told == {each.number for each in _rows(entries)}


def _rows(entries):
    return [row for row in (row_of(each, USUAL) for each in entries) if row.number]
