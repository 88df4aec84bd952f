"""SIP messages cut out of a stream, and the answers of a server without state."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

from voice.errors import VoiceError
from voice.phone.peers import Place
from voice.phone.sip_headers import Request

LONGEST = 1 << 16
_STATUS = {
    200: "OK",
    302: "Moved Temporarily",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
}
# RFC 3261 §8.2.6.2: what an answer repeats of the request, besides Via.
_REPEATED = {"from": "From", "call-id": "Call-ID", "cseq": "CSeq"}
_NEEDED = ("via", "to", *_REPEATED)
_VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*\w+\s+(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)"
    r"(?:\s*:\s*(?P<port>[0-9]{1,5}))?(?P<parameters>\s*(?:;.*)?)"
)
_RPORT = re.compile(r";\s*rport\b(\s*=\s*[0-9]*)?", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch\s*=\s*([^\s;,]+)", re.IGNORECASE)
_TAGGED = re.compile(r";\s*tag\s*=", re.IGNORECASE)
_CSEQ = re.compile(r"[0-9]{1,10}\s+(?P<method>\S+)")
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})", re.I | re.M)
_END = b"\r\n\r\n"
# RFC 3261 §25.1: what stands in the user part as it is.
_UNRESERVED = "-_.!~*'()&=+$"


class SipError(VoiceError):
    """The far end does not speak SIP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and with which headers of its own."""

    status: int
    headers: Sequence[tuple[str, str]] = field(default=(), repr=False)


def answerable(request: Request) -> bool:
    """Tell whether an answer can find its way: RFC 3261 §8.1.1, §18.2.2."""
    top = request.first("via")
    return _VIA.fullmatch(top) is not None and bool(request.first("call-id"))


def well_formed(request: Request) -> bool:
    """Tell whether everything is there that every request has."""
    cseq = _CSEQ.fullmatch(request.first("cseq"))
    is_whole = all(request.first(name) for name in _NEEDED)
    return is_whole and cseq is not None and cseq["method"] == request.method


def transaction(request: Request) -> str:
    """Name the transaction of a request, the same for each time that it is sent."""
    branch = _BRANCH.search(request.first("via"))
    own = (
        request.method,
        request.uri,
        branch[1] if branch else request.first("via"),
        request.first("call-id"),
        request.first("from"),
        request.first("cseq"),
    )
    return sha256("\n".join(own).encode(errors="surrogateescape")).hexdigest()


def write(request: Request, answer: Answer, source: Place) -> bytes:
    """Write the answer to a request that came from `source`."""
    top, *others = request.values("via")
    lines = [f"SIP/2.0 {answer.status} {_STATUS[answer.status]}"]
    lines += [f"Via: {via}" for via in (_received(top, source), *others)]
    lines += [f"To: {_tagged(request)}"]
    for name, written in _REPEATED.items():
        lines += [
            f"{written}: {value}" for key, value in request.headers if key == name
        ]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += ["Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode(errors="surrogateescape")


def _received(via: str, source: Place) -> str:
    # RFC 3581 §4: who asks for the port is told it, and the address besides.
    marked = _RPORT.sub(f";rport={source.port}", via, count=1)
    return f"{marked};received={source.host}"


def _tagged(request: Request) -> str:
    to = request.first("to")
    # RFC 3261 §8.2.7: without state, a tag must come out the same each time.
    return to if _TAGGED.search(to) else f"{to};tag={transaction(request)[:16]}"


def reply_place(request: Request, source: Place) -> Place:
    """Return where the answer to a datagram goes: RFC 3261 §18.2.2, RFC 3581 §4."""
    via = _VIA.fullmatch(request.first("via"))
    if via is None or _RPORT.search(via["parameters"]):
        return source
    return Place(source.host, int(via["port"] or 5060) % (1 << 16))


def contact(user: str, host: str) -> str:
    """Write an address of a number."""
    return f"<sip:{quote(user, safe=_UNRESERVED)}@{host}>"


class Cutter:
    """Cuts a stream into messages, which come in any pieces: RFC 3261 §18.3."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield the messages that are whole."""
        self._bytes += piece
        while True:
            # Empty lines keep a connection awake: RFC 3261 §7.5, RFC 5626 §4.4.1.
            del self._bytes[: len(self._bytes) - len(self._bytes.lstrip(b"\r\n"))]
            end = self._end()
            if end is None or end > len(self._bytes):
                return
            yield bytes(self._bytes[:end])
            del self._bytes[:end]

    def _end(self) -> int | None:
        head = self._bytes.find(_END)
        if head < 0:
            length = len(self._bytes)
        else:
            told = _LENGTH.search(self._bytes, 0, head)
            length = head + len(_END) + (int(told[1]) if told else 0)
        if length > LONGEST:
            raise SipError("This is no SIP: a message is too long.")
        return length if head >= 0 else None
