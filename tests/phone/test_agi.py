"""Lines of FastAGI are read and written, and broken ones do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.phone.agi import (
    AgiError,
    ChannelGone,
    Reply,
    Underway,
    command,
    dialable,
    offer,
    read_request,
    read_word,
)
from voice.phone.port import Offer

CALL = [
    b"agi_network: yes\n",
    b"agi_network_script: call\n",
    b"agi_uniqueid: 1795850174.0\n",
    b"agi_callerid: 1234\n",
    "agi_calleridname: Åsa\n".encode(),
    b"agi_dnid: 4949\n",
    b"agi_rdnis: unknown\n",
    b"agi_extension: *23*3*1530#\n",
    b"agi_accountcode: \n",
]


def test_a_call_is_told_of():
    request = read_request(CALL)
    assert request.script == "call"
    assert offer(request) == Offer("1795850174.0", "*23*3*1530#", "1234")


def test_a_forwarded_call_tells_who_was_called_first():
    request = read_request([*CALL, b"agi_rdnis: 1630\n"])
    assert offer(request).forwarded_from == ("1630",)


def test_what_the_dialplan_gives_the_script_goes_before_the_extension():
    request = read_request([*CALL, b"agi_arg_1: 4949\n", b"agi_arg_2: x\n"])
    assert request.arguments == ("4949", "x")
    assert offer(request).dialled == "4949"


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("1234", "1234"),
        ("+46 70-123 45 67", "+46701234567"),
        ("unknown", None),
        ("anonymous", None),
        ("", None),
        ("1234;rm", None),
        ("\udcff".encode(errors="surrogateescape").decode("latin-1"), None),
    ],
)
def test_only_a_number_says_who_calls(told, known):
    lines = [*CALL, f"agi_callerid: {told}\n".encode()]
    if told in ("", "unknown"):
        lines.remove(b"agi_callerid: 1234\n")
    assert offer(read_request(lines)).caller == known


def test_a_script_is_named_without_what_follows_it():
    lines = [b"agi_network_script: /route?x=1\n"]
    assert read_request(lines).script == "route"


@pytest.mark.parametrize("line", [b"\xff\xfe\n", b"GET / HTTP/1.1\r\n", b"agi_x\n"])
def test_other_protocols_are_told_from_it(line):
    with pytest.raises(AgiError):
        read_request([line])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"200 result=0\n", Reply(200, "0")),
        (b"200 result=1 (BUSY)\n", Reply(200, "1", "BUSY")),
        (b"200 result=1 ()\n", Reply(200, "1")),
        (b"200 result=1 (a (b) c)\n", Reply(200, "1", "a (b) c")),
        (b"200 result=0 Gosub complete\n", Reply(200, "0")),
        (b"200 result=-1 Gosub label not found\n", Reply(200, "-1")),
        (b"510 Invalid or unknown command\n", Reply(510)),
        (b"511 Command Not Permitted on a dead channel\n", Reply(511)),
        (b"520-Invalid command syntax.  Proper usage follows:\n", Underway()),
        (b"Usage: ANSWER\n", Underway()),
        (b"520 End of proper usage.\n", Reply(520)),
        (b"100 result=0 Trying...\n", Underway()),
        (b"HANGUP\n", ChannelGone()),
        (b"\xff\n", Underway()),
    ],
)
def test_what_asterisk_says_is_read(line, word):
    assert read_word(line) == word


@pytest.mark.parametrize(
    ("line", "done"),
    [(b"200 result=0", True), (b"200 result=-1", False), (b"511 Not", False)],
)
def test_a_command_that_was_not_carried_out_is_known(line, done):
    assert read_word(line).done is done


def test_a_value_is_not_shown():
    assert "1530" not in repr(read_word(b"200 result=1 (1530)\n"))


@given(st.binary(max_size=200))
def test_every_line_is_some_word(line):
    assert isinstance(read_word(line), Reply | Underway | ChannelGone)


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_every_beginning_is_a_request_or_none(lines):
    try:
        request = read_request(lines)
    except AgiError:
        return
    assert isinstance(offer(request), Offer)


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_command_is_one_line_whatever_its_words(words):
    line = command("EXEC", *words)
    assert line.endswith(b"\n")
    assert len(line.decode(errors="surrogatepass").splitlines()) == 1


@pytest.mark.parametrize("number", ["0", "1630", "*23#", "+46701234567", "anna.b"])
def test_a_number_can_be_dialled(number):
    assert dialable(number)


@pytest.mark.parametrize(
    "number", ["", "1,1", "1&2", "0\n1", "${X}", "a@b", "å", "1" * 65]
)
def test_what_a_dialplan_would_read_otherwise_is_no_number(number):
    assert not dialable(number)
