"""Where a call came from is believed only when the trace leaves no doubt."""

import logging

import pytest

from voice.phone import sip_trace
from voice.phone.peers import Trusted
from voice.phone.sip_trace import Trace

TRUSTED = Trusted(("10.0.0.0/24", "fd00::/64"))


def received(source: str, call_id: str = "one", **more: str) -> str:
    told = {"method": "INVITE", "way": "RX", "to": "<sip:4949@us>"} | more
    return (
        f"{told['way']} UDP {source}:5060 -> 10.0.0.9:5060\n"
        f"{told['method']} sip:4949@us SIP/2.0\r\nTo: {told['to']}\r\n"
        f"From: <sip:1234@pbx>\r\nCall-ID: {call_id}\r\n\r\n"
    )


def traced(*texts: str) -> Trace:
    trace = Trace()
    for text in texts:
        trace.emit(logging.LogRecord("sip", logging.DEBUG, "", 0, "%s", (text,), None))
    return trace


async def caller(trace: Trace, call_id: str = "one") -> str | None:
    invite = await trace.began(call_id)
    assert invite is not None
    return invite.offer(TRUSTED, None).caller


@pytest.mark.parametrize("source", ["10.0.0.1", "[fd00::1]"])
async def test_the_word_of_a_trusted_source_is_taken(source: str):
    assert await caller(traced(received(source))) == "1234"


async def test_the_word_of_another_is_not():
    assert await caller(traced(received("10.0.1.1"))) is None


async def test_a_call_that_comes_again_from_the_same_source_is_still_believed():
    assert await caller(traced(*[received("10.0.0.1")] * 2)) == "1234"


@pytest.mark.parametrize(
    "sources", [("10.0.0.1", "10.0.1.1"), ("10.0.0.1", "10.0.0.2")]
)
async def test_one_call_from_two_sources_is_nobody_we_know(sources: tuple[str, str]):
    assert await caller(traced(*map(received, sources))) is None
    assert await caller(traced(*map(received, reversed(sources)))) is None


@pytest.mark.parametrize(
    "text",
    [
        received("10.0.0.1", way="TX"),
        received("10.0.0.1", method="BYE"),
        received("10.0.0.1", to="<sip:4949@us>;tag=1"),
        "RX UDP 10.0.0.1:5060 -> 10.0.0.9:5060 (9000 bytes, too large to trace)",
        "nothing of the kind",
        "",
    ],
)
async def test_what_does_not_begin_a_call_tells_nothing_of_one(text: str):
    assert await traced(text).began("one") is None


async def test_only_so_many_calls_are_remembered():
    trace = traced(*(received("10.0.0.1", str(at)) for at in range(600)))
    assert trace.invite("0") is None
    assert await caller(trace, "599") == "1234"


def test_the_stack_writes_to_no_log_of_anybody_else(caplog):
    caplog.set_level(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(one.handlers[:], one.level, one.propagate) for one in loggers]
    try:
        trace = sip_trace.follow()
        logging.getLogger("baresip.native.sip").debug("%s", received("10.0.0.1"))
        logging.getLogger("baresip.call").info("a call from 1234")
        assert trace.invite("one") is not None
        assert caplog.text == ""
    finally:
        for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
            one.handlers, one.propagate = handlers, propagate
            one.setLevel(level)


LOGGERS = ("baresip", "baresip.runtime", "baresip.native.sip")
