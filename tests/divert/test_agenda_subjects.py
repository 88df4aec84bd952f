"""Subjects: what of them is a code, and what nearly is."""

import unicodedata

import pytest
from divert_stories import REASONS
from hypothesis import given
from hypothesis import strategies as st

from voice.divert.agenda import mark, slip
from voice.divert.model import Mark, Mode, Slip

CLOSED, INFORMING = Mode.CLOSED, Mode.INFORMING


@pytest.mark.parametrize(
    ("subject", "marked"),
    [
        ("SAM: budgetmöte", Mark("SAM", CLOSED)),
        ("SAM:", Mark("SAM", CLOSED)),
        ("sam;budget", Mark("SAM", INFORMING)),
        ("  Tjä : resa", Mark("TJÄ", CLOSED)),
        (unicodedata.normalize("NFD", "tjä: resa"), Mark("TJÄ", CLOSED)),
        ("SEM：sol", Mark("SEM", CLOSED)),
        ("LDG；", Mark("LDG", INFORMING)),
        ("ＳＡＭ：budget", Mark("SAM", CLOSED)),
        ("\u202bSAM\u200f: budget\u202c", Mark("SAM", CLOSED)),
        ("\ufeffSAM\u200b:", Mark("SAM", CLOSED)),
        ("SAM\n: budget", Mark("SAM", CLOSED)),
        ("שלום: budget", None),
        ("SAMש: budget", None),
        ("Budgetmöte SAM:", None),
        ("SAM budget", None),
        ("SAM budget: maj", None),
        ("SAMRÅD: budget", None),
        ("SAM-möte: budget", None),
        ("XYZ: budget", None),
        (": budget", None),
        ("", None),
    ],
)
def test_a_code_first_in_the_subject_diverts(subject, marked):
    assert mark(subject, REASONS) == marked


@given(st.text())
def test_any_subject_is_marked_or_not(subject):
    marked = mark(subject, REASONS)
    assert marked is None or slip(subject, REASONS) is None


@given(
    st.sampled_from(list(REASONS)),
    st.text(st.characters(categories=["Cf", "Zs"]), max_size=5),
    st.sampled_from(":;：；﹕﹔"),
    st.text(),
)
def test_what_nobody_sees_does_not_hide_a_code(code, unseen, sign, rest):
    subject = f"{unseen}{code}{unseen}{sign}{rest}"
    mode = CLOSED if unicodedata.normalize("NFKC", sign) == ":" else INFORMING
    assert mark(subject, REASONS) == Mark(code, mode)


@pytest.mark.parametrize(
    ("subject", "slipped"),
    [
        ("SAM budget", Slip.NO_SIGN),
        (" tjä", Slip.NO_SIGN),
        ("\u200fSAM budget: maj", Slip.NO_SIGN),
        ("SAM: budget", None),
        ("samråd", None),
        ("Budget SAM", None),
        ("Budget SAM:", Slip.NOT_FIRST),
        ("SV: sam；", Slip.NOT_FIRST),
        ("SAMRÅD: budget", None),
        ("", None),
    ],
)
def test_a_code_that_is_none_is_known_as_a_slip(subject, slipped):
    assert slip(subject, REASONS) is slipped


def test_a_huge_subject_is_as_good_as_a_short_one():
    assert mark(f"{' ' * 10**6}SAM: {'x' * 10**6}", REASONS) == Mark("SAM", CLOSED)
    assert slip("x" * 10**6, REASONS) is None
