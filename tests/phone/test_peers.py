"""Addresses are read as a site writes them, and only those trusted are let in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.phone.peers import Place, Trusted, read_place
from voice.phone.port import LineError


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:4573", Place("127.0.0.1", 4573)),
        ("[::1]:4573", Place("::1", 4573)),
        ("0.0.0.0:0", Place("0.0.0.0", 0)),
    ],
)
def test_a_place_is_read_and_written_alike(text, place):
    assert read_place(text) == place
    assert str(place) == text


@pytest.mark.parametrize("text", ["", ":", "4573", "host:", ":1", "a:65536", "a:²"])
def test_what_is_no_place_says_how_one_is_written(text):
    with pytest.raises(LineError, match=r"such as 127\.0\.0\.1:4573"):
        read_place(text)


def test_every_address_of_the_machine_is_known():
    assert read_place("0.0.0.0:1").anywhere
    assert read_place("[::]:1").anywhere
    assert not read_place("10.0.0.1:1").anywhere


@pytest.mark.parametrize(
    "host", ["10.0.0.5", "10.1.0.1", "10.1.255.9", "::ffff:10.0.0.5", "fe80::1%eth0"]
)
def test_those_in_the_list_are_trusted(host):
    assert host in Trusted(["10.0.0.5", "10.1.0.0/16", "fe80::/64"])


@pytest.mark.parametrize("host", ["10.0.0.6", "10.2.0.1", "::1", "", "localhost"])
def test_others_are_not(host):
    assert host not in Trusted(["10.0.0.5", "10.1.0.0/16"])


@given(st.text())
def test_no_text_is_trusted_by_nobody(host):
    assert host not in Trusted([])


@pytest.mark.parametrize("text", ["pbx", "10.0.0.0/33", ""])
def test_what_is_no_network_says_how_one_is_written(text):
    with pytest.raises(LineError, match=r"write 10\.0\.0\.5 or 10\.0\.0\.0/24"):
        Trusted([text])


def test_a_stranger_is_news_once_and_not_without_end():
    trusted = Trusted([])
    assert trusted.is_news("10.0.0.1")
    assert not trusted.is_news("10.0.0.1")
    assert sum(trusted.is_news(f"10.0.1.{host}") for host in range(200)) < 200
