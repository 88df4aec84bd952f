"""What the house and the line process write to each other is read as it was meant."""

import asyncio
import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.phone import wire
from voice.phone.port import FRAME_BYTES, Offer
from voice.phone.settings import Encryption, Registration, SipSettings, Transport

NUMBERS = st.integers(0, 2**32 - 1)
TEXTS = st.text(max_size=40)
SOME = st.lists(TEXTS, max_size=3).map(tuple)
OFFERS = st.builds(Offer, TEXTS, TEXTS, st.none() | TEXTS, SOME)
PATHS = st.none() | st.sampled_from([Path("/etc/line.pem"), Path("å b.pem")])
SETTINGS = st.builds(
    SipSettings,
    transport=st.sampled_from(Transport),
    registration=st.none() | st.builds(Registration, TEXTS, TEXTS, TEXTS),
    trusted=st.lists(TEXTS, max_size=3).map(tuple),
    encryption=st.sampled_from(Encryption),
    certificate=PATHS,
    authorities=PATHS,
    wideband=st.booleans(),
    rtp_ports=st.tuples(NUMBERS, NUMBERS),
)
FRAMES = st.tuples(NUMBERS, st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES))
MESSAGES = st.one_of(
    st.builds(wire.Open, SETTINGS),
    st.just(wire.Close()),
    st.builds(wire.Answer, NUMBERS),
    st.builds(wire.End, NUMBERS),
    st.builds(wire.Transfer, NUMBERS, TEXTS),
    st.builds(wire.How, st.booleans(), TEXTS),
    st.builds(wire.Offered, NUMBERS, OFFERS),
    st.builds(wire.Answered, NUMBERS),
    st.builds(wire.Pressed, NUMBERS, TEXTS),
    st.builds(wire.Transferred, NUMBERS, st.booleans()),
    st.builds(wire.Ended, NUMBERS),
    st.builds(wire.Sounds, st.lists(FRAMES, max_size=4).map(tuple)),
)


def read(data: bytes) -> list[wire.Message]:
    async def all_of_it() -> list[wire.Message]:
        stream, messages = asyncio.StreamReader(), []
        stream.feed_data(data)
        stream.feed_eof()
        try:
            while True:
                messages.append(await wire.read(stream))
        except EOFError:
            return messages

    return asyncio.run(all_of_it())


@given(st.lists(MESSAGES, max_size=4))
def test_what_is_written_is_read(messages: list[wire.Message]):
    assert read(b"".join(map(wire.pack, messages))) == messages


@given(st.lists(MESSAGES, min_size=1, max_size=3), st.data())
def test_half_a_message_is_the_end(messages: list[wire.Message], data: st.DataObject):
    whole = b"".join(map(wire.pack, messages))
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert read(whole[:cut]) == messages[: len(read(whole[:cut]))]
    assert len(read(whole[:cut])) < len(messages)


def test_a_giant_message_is_the_end():
    assert read(b"\xff\xff\xff\xff\x01") == []


@pytest.mark.parametrize(
    "text",
    [
        '["Answer", {}]',
        '["None", {}]',
        '["Answer", 1]',
        "[]",
        "1",
        '["Open", {"settings": {"transport": "pigeon"}}]',
        '["Offered", {"call": 1, "offer": [1]}]',
    ],
)
def test_words_that_are_no_message_are_the_end(text: str):
    assert read(struct.pack(">IB", len(text), 1) + text.encode()) == []


def test_a_password_is_not_shown():
    settings = SipSettings(registration=Registration("4949", "pbx", "secret"))
    assert "secret" not in repr(wire.Open(settings))


@pytest.mark.parametrize("message", [wire.Close(), wire.Sounds(())])
def test_the_emptiest_messages_have_a_form(message: wire.Message):
    assert read(wire.pack(message)) == [message]


@given(st.binary(max_size=64), st.sampled_from([0, 1, 7]))
async def test_nonsense_is_as_if_the_other_side_had_ended(body, kind):
    stream = asyncio.StreamReader()
    stream.feed_data(struct.pack(">IB", len(body), kind) + body)
    stream.feed_eof()
    with contextlib.suppress(EOFError):
        assert isinstance(await wire.read(stream), wire.Sounds)
