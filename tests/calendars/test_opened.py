"""What an opened booking carries: it fits that booking as it was, and no other."""

from dataclasses import replace
from datetime import timedelta

from calendar_samples import NOW, REASONS, SAM
from hypothesis import given
from hypothesis import strategies as st

from voice.calendars.opened import (
    Pending,
    as_opened,
    opening_of,
    parts,
    with_proof,
)
from voice.calendars.port import Opening
from voice.divert.agenda import mark, wanted, without_code
from voice.divert.model import Entry, EntryKey, Extension, Mark, Mode, Site, Source

HOUR = timedelta(hours=1)
ANNA = Extension("1234")
SITE = Site(REASONS)
ENTRY = Entry(EntryKey("a"), SAM, NOW, NOW + HOUR)
OPENING = Opening(ENTRY.key, SAM, ENTRY.start, ENTRY.end)
NEXT = Entry(EntryKey("b"), SAM, ENTRY.end, ENTRY.end + HOUR)
INFORMING = Mark(SAM.reason, Mode.INFORMING)

proofs = st.text("0123456789abcdef", min_size=16, max_size=16)


def test_a_proof_fits_no_other_booking_time_or_code():
    others = (
        replace(OPENING, key=EntryKey("b")),
        replace(OPENING, mark=INFORMING),
        replace(OPENING, start=NOW - HOUR),
        replace(OPENING, end=NOW + 2 * HOUR),
    )
    assert len({each.proof for each in (OPENING, *others)}) == 5
    assert replace(OPENING).proof == OPENING.proof


@given(carried=st.lists(proofs, max_size=30, unique=True), proof=proofs)
def test_a_proof_is_added_once_and_taken_away_wholly(carried, proof):
    held = with_proof(" ".join(carried), proof, True)
    assert proof in held.split()
    assert with_proof(held, proof, True) == held
    left = with_proof(held, proof, False)
    assert proof not in left.split()
    assert with_proof(left, proof, False) == left
    assert set(left.split()) <= set(carried)
    # Google takes no longer value of a property.
    assert len(with_proof(held, proof, True)) < 1024


NOTHING = Pending()


def as_read(*entries, pending=NOTHING):
    diverts = wanted(entries, ANNA, SITE)
    return [each.opened for each in as_opened(diverts, entries, pending)]


def test_a_divert_is_opened_by_what_its_first_booking_carries():
    both = opening_of(wanted([ENTRY, NEXT], ANNA, SITE)[0])
    assert as_read(replace(ENTRY, opened=f"x {both.proof}"), NEXT) == [True]
    assert as_read(replace(ENTRY, opened=OPENING.proof), NEXT) == [False]
    assert as_read(ENTRY, replace(NEXT, opened=both.proof)) == [False]
    assert as_read(ENTRY, NEXT) == [False]


def test_what_is_yet_to_be_struck_out_opens_nothing():
    opened = replace(ENTRY, opened=OPENING.proof)
    assert as_read(opened, pending=Pending(taken_back={ENTRY.key})) == [False]


def test_a_divert_is_opened_when_all_its_codes_are_cut_or_yet_to_be():
    next_ = Opening(NEXT.key, SAM, NEXT.start, NEXT.end)
    assert as_read(ENTRY, NEXT, pending=Pending(uncoded={OPENING, next_})) == [True]
    assert as_read(NEXT, pending=Pending(uncoded={OPENING, next_})) == [True]
    assert as_read(ENTRY, NEXT, pending=Pending(uncoded={OPENING})) == [False]


def test_a_divert_is_made_of_the_bookings_of_its_mode_within_it():
    (divert,) = wanted([ENTRY, NEXT], ANNA, SITE)
    later = replace(NEXT, key=EntryKey("c"), start=NEXT.end + 2 * HOUR)
    informing = replace(NEXT, key=EntryKey("d"), mark=INFORMING)
    made_of = parts(divert, [ENTRY, NEXT, later, informing])
    assert [each.key for each in made_of] == ["a", "b"]


def test_only_what_came_from_a_calendar_and_ends_is_known_by_a_booking():
    (divert,) = wanted([ENTRY], ANNA, SITE)
    assert opening_of(divert) == OPENING
    for other in (
        replace(divert, source=Source.VOICE),
        replace(divert, entry=None),
        replace(divert, until=None),
    ):
        assert opening_of(other) is None


subjects = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", " ", "\u200f", "\ufeff "]),
    st.sampled_from(["SAM", "sam", "TJÄ", "TJA\u0308", "ｓａｍ"]),
    st.sampled_from([":", " :", "：", ";", "\u200e:"]),
    st.text(),
)


@given(subject=subjects)
def test_a_subject_without_its_code_has_no_code_and_lost_nothing_else(subject):
    left = without_code(subject, REASONS)
    assert mark(left, REASONS) is None
    assert subject.endswith(left)


@given(subject=st.text())
def test_a_subject_without_a_code_stays_as_it_is(subject):
    if mark(subject, REASONS) is None:
        assert without_code(subject, REASONS) == subject


def test_each_of_several_codes_is_cut():
    assert without_code("SAM: SEM: budget", REASONS) == "budget"
    assert without_code("SAM:", REASONS) == ""
