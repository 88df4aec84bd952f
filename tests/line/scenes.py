"""Scenes for sipp, put together from the messages of a call."""

from collections.abc import Iterable

A_LAW = "RTP/AVP 8 96\na=rtpmap:96 telephone-event/8000\na=fmtp:96 0-15"
G_729_ONLY = "RTP/AVP 18"
SECURE_WITHOUT_KEYS = "RTP/SAVP 8"
DIALOG_INFO = "application/dtmf-relay"
FRAGMENT = "message/sipfrag;version=2.0"

_VIA = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch="
NEW_VIA = f"{_VIA}[branch]"
SAME_VIA = f"{_VIA}z9hG4bK-[call_id]"
_OURS = '"Anna" <sip:1234@[local_ip]:[local_port]>;tag=[call_number]'
_US = "sip:[service]@[remote_ip]:[remote_port]"
_CONTACT = "Contact: <sip:1234@[local_ip]:[local_port];transport=[transport]>"
_BACK = "[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]"


def scene(*steps: str | Iterable[str]) -> str:
    """Put the steps of a scene in a file's text."""
    lines = (step if isinstance(step, str) else "".join(step) for step in steps)
    return f'<?xml version="1.0" ?>\n<scenario name="a">\n{"".join(lines)}</scenario>\n'


def asks(
    method: str,
    number: int,
    headers: Iterable[str] = (),
    body: tuple[str, str] | None = None,
    via: str = NEW_VIA,
) -> str:
    """Send a request within a call, or the one that begins it."""
    kind, text = body or ("", "")
    begins = method in ("INVITE", "CANCEL") and number == 1
    lines = [
        f"{method} {_US};transport=[transport] SIP/2.0",
        via,
        f"From: {_OURS}",
        f"To: <{_US}>" + ("" if begins else "[peer_tag_param]"),
        "Call-ID: [call_id]",
        f"CSeq: {number} {method}",
        _CONTACT,
        *headers,
        "Max-Forwards: 70",
        *([f"Content-Type: {kind}"] if kind else []),
        "Content-Length: [len]",
    ]
    again = "" if method == "ACK" else ' retrans="500"'
    return f"<send{again}><![CDATA[\n{chr(10).join(lines)}\n\n{text}\n]]></send>\n"


def sdp(media: str) -> tuple[str, str]:
    """Return a body that describes a sound."""
    return "application/sdp", (
        "v=0\no=- 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\n"
        f"m=audio [media_port] {media}\n"
    )


def answers(status: str, headers: Iterable[str] = ()) -> str:
    """Answer the request that came."""
    more = "".join(f"{header}\n" for header in headers)
    return (
        f"<send><![CDATA[\nSIP/2.0 {status}\n{_BACK}\n{more}Content-Length: 0\n\n"
        "]]></send>\n"
    )


def gets(status: int, may: bool = False) -> str:
    """Wait for an answer, or pass over one that may come."""
    return f'<recv response="{status}" optional="{str(may).lower()}"/>\n'


def is_asked(method: str, does: str = "") -> str:
    """Wait for a request."""
    return f'<recv request="{method}"><action>{does}</action></recv>\n'


def waits(seconds: float) -> str:
    return f'<pause milliseconds="{round(seconds * 1000)}"/>\n'


def plays(path: object) -> str:
    """Begin to play A-law samples."""
    return f'<nop><action><exec rtp_stream="{path},1,8"/></action></nop>\n'


def invites(headers: Iterable[str] = (), media: str = A_LAW, via: str = NEW_VIA) -> str:
    return asks("INVITE", 1, headers, sdp(media), via)


def begun() -> str:
    return gets(200) + asks("ACK", 1)


def is_answered() -> str:
    return gets(100, may=True) + gets(180, may=True) + begun()


def begins_without_offer() -> str:
    """Call without a word of sound, take what is offered, and refuse to see."""
    sound, unseen = sdp(A_LAW), "m=video 0 RTP/AVP 99\n"
    return (
        asks("INVITE", 1)
        + gets(100, may=True)
        + gets(180, may=True)
        + gets(200)
        + asks("ACK", 1, (), (sound[0], sound[1] + unseen))
    )


def begins(headers: Iterable[str] = (), media: str = A_LAW) -> str:
    """Call, and be answered."""
    return invites(headers, media) + is_answered()


def ends() -> str:
    return asks("BYE", 999) + gets(200)


def is_ended() -> str:
    return is_asked("BYE") + answers("200 OK")


def is_refused(status: int, media: str = A_LAW, headers: Iterable[str] = ()) -> str:
    """Call, and be refused."""
    return "".join(
        (
            asks("INVITE", 1, headers, sdp(media)),
            *(gets(100, may=True), gets(180, may=True), gets(status)),
            asks("ACK", 1, via="[last_Via:]"),
        )
    )


def gives_up() -> str:
    """Call, and leave before the call is answered."""
    return "".join(
        (
            asks("INVITE", 1, (), sdp(A_LAW)),
            *(gets(100, may=True), gets(180)),
            asks("CANCEL", 1, via="[last_Via:]"),
            *(gets(200), gets(487)),
            asks("ACK", 1, via="[last_Via:]"),
        )
    )


def is_referred(status: str) -> str:
    """Be asked to call another; the number is written to the scene's log."""
    take = (
        '<ereg regexp="sip:([^@]*)" search_in="hdr" header="Refer-To:" '
        'assign_to="whole,number"/><log message="[$number]"/>'
    )
    known = '<Reference variables="whole"/>\n'
    return is_asked("REFER", take) + answers(status, (_CONTACT,)) + known


def tells_of_transfer(line: str) -> str:
    """Tell how the call to the other went (RFC 3515 §2.4.5)."""
    state = "Subscription-State: terminated;reason=noresource"
    return asks("NOTIFY", 2, ("Event: refer", state), (FRAGMENT, line)) + gets(200)


def keys_as_messages(keys: str, pause: float = 0.2) -> str:
    return "".join(
        asks("INFO", 2 + at, (), (DIALOG_INFO, f"Signal={key}\nDuration=160"))
        + gets(200)
        + waits(pause)
        for at, key in enumerate(keys)
    )


def registers(password: str) -> str:
    """Be a registrar that asks for a password and lets in who knows it."""
    asks_for_it = (
        'WWW-Authenticate: Digest realm="pbx", nonce="47ebe028cda119c35d4877b383027d28"'
    )
    right = f'<verifyauth assign_to="right" username="4949" password="{password}"/>'
    return (
        is_asked("REGISTER")
        + answers("401 Unauthorized", (asks_for_it,))
        + is_asked("REGISTER", right)
        + '<nop test="right" next="yes"/>\n<nop next="no"/>\n<label id="yes"/>\n'
        + answers("200 OK", ("[last_Contact:]",))
        + '<label id="no"/>\n'
    )


def unregisters() -> str:
    return is_asked("REGISTER") + answers("200 OK")


def refuses_to_register() -> str:
    return is_asked("REGISTER") + answers("403 Forbidden")
