"""A line keeps 20 ms after 20 ms, though its network and its machine do not."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.phone.beat import SILENCE, Beat, Even, Outgoing
from voice.phone.port import FRAME_BYTES, FRAME_SECONDS


def heard(even: Even, story: str) -> str:
    """Tell a story of beats (.) and frames (f): what is given on at each."""
    return "".join(
        ("f" if even.came() else "x") if each == "f" else ("s" if even.beat() else ".")
        for each in story
    )


def test_frames_that_come_in_time_come_through_as_they_are():
    assert heard(Even(), ".f" * 50) == ".f" * 50


def test_frames_that_come_late_together_all_come_through():
    story = ".f.f...fff.f.f"
    assert heard(Even(), story) == story


def test_silence_stands_in_for_what_does_not_come():
    assert heard(Even(), "." * 10) == "...sssssss"


def test_a_flood_is_cut_and_counted():
    even = Even()
    assert heard(even, "f" * 10) == "fffxxxxxxx"
    assert even.dropped == 7


@given(st.text(alphabet=".f", max_size=300))
def test_as_many_frames_come_as_there_are_beats(story):
    told = heard(Even(), story)
    frames = told.count("f") + told.count("s")
    assert abs(story.count(".") - frames) <= 3


@given(st.lists(st.floats(0, 0.009), min_size=1, max_size=300))
def test_a_clock_does_not_drift(delays):
    now, beat = 100.0, Beat(100.0)
    for delay in delays:
        now += beat.wait(now) + delay
    assert now - 100.0 == pytest.approx(FRAME_SECONDS * len(delays), abs=0.02)


def test_a_clock_that_stood_still_hurries_without_a_burst():
    beat = Beat(0.0)
    now = beat.wait(0.0) + 0.1
    waits = []
    for _ in range(15):
        waits.append(beat.wait(now))
        now += waits[-1]
    assert min(waits) == FRAME_SECONDS / 2
    assert waits[-1] == pytest.approx(FRAME_SECONDS)


def test_what_was_missed_for_long_is_forgotten():
    beat = Beat(0.0)
    now = 3600.0
    for _ in range(40):
        now += beat.wait(now)
    assert beat.wait(now) == pytest.approx(FRAME_SECONDS)


def frame(at: int) -> bytes:
    return bytes([at + 1]) * FRAME_BYTES


async def test_a_little_is_kept_so_that_late_frames_leave_no_gap():
    outgoing, sent = Outgoing(), []
    # Each beat brings a frame, but the third comes two beats late.
    for at, brought in enumerate([1, 1, 0, 0, 3, 1, 1, 0, 0, 0, 0]):
        for _ in range(brought):
            await outgoing.put(frame(at))
        sent.append(outgoing.beat())
    spoken = [one for one in sent if one != SILENCE]
    assert len(spoken) == 7
    assert SILENCE not in sent[sent.index(spoken[0]) : sent.index(spoken[-1])]


async def test_what_is_sent_ahead_is_not_waited_with():
    outgoing = Outgoing()
    for at in range(4):
        await outgoing.put(frame(at))
    assert [outgoing.beat() for _ in range(4)] == [frame(at) for at in range(4)]


async def test_a_sound_shorter_than_what_is_kept_is_sent_too():
    outgoing = Outgoing()
    await outgoing.put(frame(0))
    assert frame(0) in [outgoing.beat() for _ in range(4)]


async def test_who_sends_faster_than_it_is_heard_waits():
    outgoing, sent = Outgoing(), []

    async def send():
        for at in range(20):
            await outgoing.put(frame(at))

    sending = asyncio.create_task(send())
    while not sending.done():
        await asyncio.sleep(0)
        sent.append(outgoing.beat())
    played = asyncio.create_task(outgoing.played())
    while not played.done():
        sent.append(outgoing.beat())
        await asyncio.sleep(0)
    assert [one for one in sent if one != SILENCE] == [frame(at) for at in range(20)]


async def test_nobody_waits_for_a_call_that_has_ended():
    outgoing = Outgoing()
    sending = [asyncio.create_task(outgoing.put(frame(at))) for at in range(9)]
    playing = asyncio.create_task(outgoing.played())
    await asyncio.sleep(0)
    outgoing.end()
    async with asyncio.timeout(5):
        await asyncio.gather(*sending, playing)
