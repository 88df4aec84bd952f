"""Cursors, tags and instants of the API: what is written is read, and nothing else."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from voice.web.api.cursors import cursor, read_cursor
from voice.web.api.instants import Instant
from voice.web.api.pages import part
from voice.web.api.tags import is_known, is_same, tag

READ = TypeAdapter(Instant)
words = st.text(st.characters(codec="utf-8"), max_size=15)


@given(of=words, last=words)
def test_a_cursor_leads_where_it_was_given(of: str, last: str):
    made = cursor(of, last)
    assert read_cursor(of, made) == last
    assert made.isascii()
    assert made.replace("-", "").replace("_", "").isalnum()


@given(of=words, other=words, last=words)
def test_a_cursor_of_one_list_leads_nowhere_in_another(of: str, other: str, last: str):
    if of != other:
        assert read_cursor(other, cursor(of, last)) is None


@given(text=st.one_of(st.text(max_size=60), st.binary(max_size=40).map(repr)))
def test_what_was_never_given_leads_nowhere_or_is_the_same_word(text: str):
    last = read_cursor("calls", text)
    assert last is None or cursor("calls", last) == text


@given(made=st.recursive(st.none() | st.integers() | words, st.lists, max_leaves=4))
def test_a_cursor_of_other_making_leads_nowhere(made: object):
    text = urlsafe_b64encode(json.dumps(made).encode()).decode().rstrip("=")
    last = read_cursor("calls", text)
    assert last is None or cursor("calls", last) == text


@given(
    rows=st.sets(st.text("0123", max_size=3)),
    gone=st.sets(st.text("0123", max_size=3)),
    limit=st.integers(1, 5),
)
def test_a_list_gives_each_once_though_others_come_and_go(
    rows: set[str], gone: set[str], limit: int
):
    there, found, last = set(rows), [], None
    while True:
        later = sorted(row for row in there if last is None or row > last)
        some = part("x", later[: limit + 1], str, limit)
        found += some.there
        if some.next is None:
            break
        last = read_cursor("x", some.next)
        there -= gone
    assert found == sorted(set(found))
    assert rows - gone <= set(found) <= rows


@given(body=st.binary(max_size=20), other=st.binary(max_size=20))
def test_a_tag_is_that_of_one_body(body: bytes, other: bytes):
    mine = tag(body)
    assert (tag(other) == mine) == (body == other)
    for header in (mine, f'"a", {mine}', f'W/"b" ,{mine}', "*", " * "):
        assert is_known(header, mine)
        assert is_same(header, mine)
    assert (is_known(f"W/{mine}", mine), is_same(f"W/{mine}", mine)) == (True, False)
    for header in ("", '""', mine.strip('"'), '"*"', f'"{mine}"'):
        assert not is_same(header, mine)


@given(at=st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)))
def test_an_instant_is_read_as_it_was_written(at: datetime):
    at = at.replace(tzinfo=UTC)
    assert READ.validate_python(at.isoformat()) == at


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-03-05",
        "2026-03-05T12:00:00",
        "2026-03-05 12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-03-05T25:00:00Z",
        "1999-03-05T12:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "٢٠٢٦-03-05T12:00:00Z",
        "1772710200",
        1772710200,
        None,
        True,
    ],
)
def test_what_is_no_instant_is_refused(wrong: object):
    with pytest.raises(ValidationError):
        READ.validate_python(wrong)
