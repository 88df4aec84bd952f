"""Each key that is pressed counts once, however its packets come."""

import pytest

from voice.phone.sip_keys import Keys

MESSAGE = ((0.0, "0"), (0.001, ""))


def pressed(*packets: tuple[float, str]) -> str:
    """Return the keys that count; an empty key in the packets is an end."""
    keys, counted = Keys(), ""
    for now, key in packets:
        if not key:
            keys.ends(now)
        elif keys.begins(key, now):
            counted += key
    return counted


def test_the_same_key_can_be_pressed_twice():
    assert pressed((0.0, "1"), (0.1, ""), (0.14, "1"), (0.24, "")) == "11"


def test_a_packet_that_its_end_has_overtaken_is_no_key():
    assert pressed((0.0, "1"), (0.1, ""), (0.11, "1"), (0.12, "")) == "1"


def test_the_end_of_the_key_before_does_not_make_two_of_one():
    packets = ((0.0, "1"), (0.1, ""), (0.16, "2"), (0.165, ""), (0.21, "2"), (0.3, ""))
    assert pressed(*packets) == "12"


def test_keys_that_come_as_messages_have_no_length_and_all_count():
    packets = [(at / 10 + more, key) for at in range(3) for more, key in MESSAGE]
    assert pressed(*packets) == "000"


def test_another_key_may_follow_at_once():
    assert pressed((0.0, "1"), (0.1, ""), (0.101, "2")) == "12"


def test_a_key_whose_end_was_lost_is_followed_by_the_next():
    assert pressed((0.0, "1"), (0.2, "2"), (0.3, "")) == "12"


@pytest.mark.parametrize("key", ["A", "D", "R", "", "12", "é"])
def test_only_the_twelve_keys_of_a_telephone_count(key: str):
    assert not Keys().begins(key, 0.0)
