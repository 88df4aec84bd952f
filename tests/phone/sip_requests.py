"""SIP requests as an exchange writes them, and answers as it reads them."""

from voice.phone.peers import Place
from voice.phone.redirect_answers import Redirecting

SOURCE = Place("127.0.0.1", 5060)
ROUTED = "z9hG4bK-1"


def asked(
    method: str = "INVITE",
    to: str = "sip:1530@127.0.0.1:5064",
    branch: str = ROUTED,
    more: str = "",
) -> str:
    lines = [
        f"{method} {to} SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:5999;branch={branch}",
        "Via: SIP/2.0/TCP [fe80::1];branch=z9hG4bK-0",
        'From: "Åsa, 1" <sip:1234@127.0.0.1>;tag=abc',
        f"To: <{to}>",
        "Call-ID: a84b4c76e66710@127.0.0.1",
        f"CSeq: 1 {method}",
        "Max-Forwards: 70",
        *more.splitlines(),
        "Content-Length: 0",
        "",
        "",
    ]
    return "\r\n".join(lines)


async def told(redirecting: Redirecting, request: str | bytes) -> str | None:
    data = request.encode() if isinstance(request, str) else request
    answered = await redirecting.answer(data, SOURCE)
    return None if answered is None else answered[1].decode(errors="surrogateescape")


def status(answer: str | None) -> int | None:
    return None if answer is None else int(answer.split(" ")[1])


def header(answer: str | None, name: str) -> list[str]:
    lines = (answer or "").split("\r\n")
    return [line.split(": ", 1)[1] for line in lines if line.startswith(f"{name}: ")]
