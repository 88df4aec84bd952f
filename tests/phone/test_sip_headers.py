"""What an INVITE tells of its call, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.phone.sip_headers import Request, number, offer, request, user

INVITE = (
    "INVITE sip:*23*3*1530%23@10.0.0.2:5060;user=phone SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
    'From: "Anna, <sip:666@x> \\" Ö" <sip:1234@pbx>;tag=1\r\n'
    "To: <sip:4949@10.0.0.2>\r\n"
    "Call-ID: one@pbx\r\n"
    "CSeq: 1 INVITE\r\n"
    "{more}"
    "Content-Length: 0\r\n\r\nTo: <sip:666@body>\r\n"
)


def invite(*headers: str, text: str = INVITE) -> Request:
    more = "".join(f"{header}\r\n" for header in headers)
    read = request(text.replace("{more}", more))
    assert read is not None
    return read


def test_what_was_dialled_stands_in_the_first_line_with_its_escapes_undone():
    told = offer(invite(), trusted=True)
    assert (told.id, told.dialled) == ("one@pbx", "*23*3*1530#")


def test_who_calls_is_what_is_asserted_before_what_is_claimed():
    asserted = invite("P-Asserted-Identity: <sip:1630@pbx>, <tel:+46-8-123>")
    assert offer(asserted, trusted=True).caller == "1630"
    assert offer(invite(), trusted=True).caller == "1234"


def test_an_asserted_name_without_a_number_is_passed_over():
    asserted = invite('P-Asserted-Identity: "A" <sip:anna@pbx>, <tel:+46-8-123>')
    assert offer(asserted, trusted=True).caller == "+468123"


def test_nobody_is_believed_who_is_not_trusted():
    told = offer(
        invite("P-Asserted-Identity: <sip:1630@pbx>", "Diversion: <sip:1631@pbx>"),
        trusted=False,
    )
    assert (told.caller, told.forwarded_from) == (None, ())
    assert told.dialled == "*23*3*1530#"


@pytest.mark.parametrize(
    "headers",
    [
        ("Diversion: <sip:1630@pbx>;reason=user-busy", "Diversion: <sip:1999@pbx>"),
        ("diversion: <sip:1630@pbx>;reason=user-busy,\r\n <sip:1999@pbx>",),
        ("Diversion: <sip:anonymous@pbx>", "Diversion: <tel:1630>"),
        (
            "History-Info: <sip:1630@pbx?Reason=SIP%3Bcause%3D302>;index=1,"
            "<sip:4949@pbx>;index=1.1",
        ),
    ],
)
def test_a_forwarded_call_tells_who_forwarded_it_last(headers: tuple[str, ...]):
    assert offer(invite(*headers), trusted=True).forwarded_from[0] == "1630"


@pytest.mark.parametrize(
    "headers",
    [(), ("History-Info: <sip:4949@pbx>;index=1",), ("Diversion: <sip:anna@pbx>",)],
)
def test_a_call_that_was_not_forwarded_says_nothing(headers: tuple[str, ...]):
    assert offer(invite(*headers), trusted=True).forwarded_from == ()


@pytest.mark.parametrize(
    ("asked", "meant", "dialled"),
    [
        ("4949", "%2323%23", "#23#"),
        ("4949-0x5590aa", "%2323%23", "#23#"),
        ("4949", "4949", "4949"),
        ("4949", "", "4949"),
        ("49490", "1630", "49490"),
        ("", "1630", "1630"),
    ],
)
def test_our_own_contact_tells_nothing_and_then_the_header_to_does(
    asked: str, meant: str, dialled: str
):
    called = INVITE.replace("*23*3*1530%23", asked).replace(
        "<sip:4949@", f"<sip:{meant}@"
    )
    assert offer(invite(text=called), True, own="4949").dialled == dialled


def test_on_a_trunk_the_first_line_says_what_was_dialled():
    called = INVITE.replace("*23*3*1530%23", "4949").replace("<sip:4949@", "<sip:1630@")
    assert offer(invite(text=called), True).dialled == "4949"


def test_headers_can_be_short_and_folded():
    short = request(
        "INVITE sip:4949@us SIP/2.0\r\nf: <sip:1234@pbx>\r\n ;tag=1\r\n"
        "t: <sip:4949@us>\r\ni: two\r\n\r\n"
    )
    assert short is not None
    told = offer(short, trusted=True)
    assert (told.id, told.caller) == ("two", "1234")


def test_only_an_invite_without_our_tag_begins_a_call():
    assert invite().begins_call
    again = INVITE.replace("To: <sip:4949@10.0.0.2>", "To: <sip:4949@10.0.0.2>;tag=2")
    assert not invite(text=again).begins_call
    assert not invite(text=INVITE.replace("INVITE sip", "OPTIONS sip")).begins_call


def test_sound_that_is_to_be_secret_needs_a_key():
    def carries(*lines: str) -> Request:
        return invite(text=INVITE.partition("To: <sip:666@body>")[0] + "\n".join(lines))

    key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3"
    assert carries("v=0", "m=audio 9 RTP/SAVP 8").lacks_keys
    assert carries("m=audio 9 RTP/SAVPF 8", "a=crypto:1 UNKNOWN inline:x").lacks_keys
    assert carries("m=audio 9 RTP/SAVP 8", "m=video 9 RTP/SAVP 99", key).lacks_keys
    assert not carries("m=audio 9 RTP/SAVP 8", key).lacks_keys
    assert not carries("m=audio 9 RTP/AVP 8").lacks_keys
    assert not invite().lacks_keys


@pytest.mark.parametrize("text", ["", "SIP/2.0 200 OK\r\n\r\n", "INVITE x\r\n", "\r\n"])
def test_what_is_no_request_is_none(text: str):
    assert request(text) is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("sip:1234@pbx", "1234"),
        ("sips:1234:secret@pbx;transport=tls", "1234"),
        ("tel:+46-8-123;ext=4", "+46-8-123"),
        ("<sip:1234;phone-context=x@pbx>;tag=1", "1234"),
        ("<SIP:%2a23%23@pbx>", "*23#"),
        ("sip:pbx", ""),
        ("mailto:1234@pbx", ""),
        ("<sip:%00%01@pbx>", ""),
        ("<sip:" + "1" * 65 + "@pbx>", ""),
        ('"<sip:666@x>" <sip:1234@pbx>', "1234"),
    ],
)
def test_the_user_of_an_address(address: str, name: str):
    assert user(address) == name


@pytest.mark.parametrize("address", ["sip:anna@pbx", "sip:*23#@pbx", "sip:@pbx", ""])
def test_a_name_is_no_number(address: str):
    assert number(address) is None


@given(st.text(max_size=300), st.booleans())
def test_no_text_breaks_the_reading(text: str, trusted: bool):
    for whole in (text, INVITE.replace("{more}", text), INVITE + text):
        read = request(whole)
        if read is not None:
            told = offer(read, trusted)
            assert len(told.dialled) <= 64
            assert told.caller is None or trusted


@given(st.binary(max_size=300))
def test_bytes_that_are_no_text_are_read_as_well_as_can_be(data: bytes):
    name = data.decode("utf-8", "replace")
    read = request(INVITE.replace('"Anna', f'"{name}'.replace("\r", "")))
    assert read is None or read.first("call-id") in ("one@pbx", "")


@given(st.text("0123456789*#", min_size=1, max_size=40))
def test_what_is_dialled_survives_its_escapes(dialled: str):
    escaped = dialled.replace("#", "%23")
    read = request(INVITE.replace("*23*3*1530%23", escaped))
    assert read is not None
    assert offer(read, False).dialled == dialled


# All that Python, but not SIP, takes for the end of a line.
ENDS = ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\r"]


@given(st.text(max_size=20), st.sampled_from(ENDS), st.text(max_size=20))
def test_no_display_name_passes_for_a_header(before, end, after):
    lie = f"{before}{end}P-Asserted-Identity: <sip:1234@x>{end}{after}"
    name = lie.replace('"', "").replace("\\", "").replace("\n", "")
    plain = invite("P-Asserted-Identity: <sip:0701234567@pbx>")
    dressed = invite(f'P-Asserted-Identity: "{name}" <sip:0701234567@pbx>')
    told = offer(dressed, trusted=True)
    assert told.caller in ("0701234567", None)
    assert (told.dialled, told.forwarded_from) == (
        offer(plain, trusted=True).dialled,
        (),
    )
    hidden = invite(f'Subject: "{name}"', "P-Asserted-Identity: <sip:0701234567@pbx>")
    assert offer(hidden, trusted=True).caller == "0701234567"


def test_from_is_not_believed_where_an_identity_is_asserted_that_is_no_number():
    asserted = invite("P-Asserted-Identity: <sip:anonymous@provider>")
    assert offer(asserted, trusted=True).caller is None
