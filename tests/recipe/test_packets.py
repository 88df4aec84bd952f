"""Lost packets: how many, in what bursts, and what is heard instead."""

import numpy as np
import pytest
from recipe.packets import FADE, PACKET, lost, without


def test_as_many_are_lost_as_was_asked_in_bursts_as_long():
    gone = np.array(lost(50_000, 0.1, 3, np.random.default_rng(1)))
    begins = np.sum(gone[1:] & ~gone[:-1])
    assert gone.mean() == pytest.approx(0.1, rel=0.1)
    assert gone.sum() / begins == pytest.approx(3, rel=0.1)


def test_a_lost_packet_is_silent_and_the_rest_untouched():
    sound = np.arange(1, 4 * PACKET + 50.0)
    heard = without(sound, [False, True, False, False, True], concealed=False)
    assert len(heard) == len(sound)
    assert not heard[PACKET : 2 * PACKET].any()
    assert not heard[4 * PACKET :].any()
    assert np.array_equal(
        heard[2 * PACKET : 4 * PACKET], sound[2 * PACKET : 4 * PACKET]
    )
    assert sound[PACKET] == PACKET + 1


def test_a_concealed_packet_repeats_the_last_one_and_then_fades():
    sound = np.random.default_rng(2).standard_normal(5 * PACKET)
    heard = without(sound, [False, True, True, True, False], concealed=True)
    packets = heard.reshape(5, PACKET)
    assert np.array_equal(packets[1], packets[0])
    sizes = np.abs(packets).max(axis=1)
    assert sizes[2] <= FADE * sizes[1]
    assert sizes[3] <= FADE * sizes[2]
    assert sizes[3] > 0
    assert np.array_equal(packets[4], sound[4 * PACKET :])


def test_nothing_comes_before_the_first_packet():
    heard = without(np.ones(2 * PACKET), [True, False], concealed=True)
    assert not heard[:PACKET].any()
    assert heard[PACKET:].all()
