"""Who asks: the last stranger on the way, and nobody whom a stranger names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.web.peers import Peer, neighbourhood, peer

PROXIES = ("10.0.0.4", "10.1.0.0/16", "::1")


@pytest.mark.parametrize(
    ("address", "named", "who"),
    [
        ("192.0.2.1", ["192.0.2.9"], "192.0.2.1"),
        ("10.0.0.4", [], "10.0.0.4"),
        ("10.0.0.4", ["192.0.2.9"], "192.0.2.9"),
        ("10.0.0.4", ["198.51.100.1, 192.0.2.9"], "192.0.2.9"),
        ("10.0.0.4", ["198.51.100.1", "192.0.2.9, 10.1.2.3"], "192.0.2.9"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.4", ["<script>"], "10.0.0.4"),
        ("10.0.0.4", ["unknown"], "10.0.0.4"),
        ("10.0.0.4", ["10.1.0.1"], "10.0.0.4"),
        ("", ["192.0.2.9"], ""),
    ],
)
def test_the_last_who_is_none_of_ours_asks(address: str, named: list[str], who: str):
    assert peer(address, "http", named, "", PROXIES).address == who


@pytest.mark.parametrize(
    ("address", "told", "scheme"),
    [
        ("10.0.0.4", "https", "https"),
        ("10.0.0.4", " HTTPS ", "https"),
        ("10.0.0.4", "gopher", "http"),
        ("10.0.0.4", "", "http"),
        ("192.0.2.1", "https", "http"),
    ],
)
def test_only_our_web_server_is_believed_about_how_a_question_came(
    address: str, told: str, scheme: str
):
    assert peer(address, "http", [], told, PROXIES).scheme == scheme


@given(st.text(), st.lists(st.text()), st.text())
def test_a_stranger_is_who_it_is_whatever_it_says(
    address: str, named: list[str], proto: str
):
    told = peer("192.0.2.1", "http", [address, *named], proto, PROXIES)
    assert told == Peer("192.0.2.1", "http")
    assert isinstance(neighbourhood(address), str)


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_household_is_counted_as_one(address: str, whole: str):
    assert neighbourhood(address) == whole
