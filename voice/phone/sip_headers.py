"""What an INVITE tells: who calls, what was dialled, and who has forwarded it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from voice.phone.port import Offer

# Longer than any number; what is longer is nobody's.
_LONGEST = 64
# RFC 3261 §7.3.3: names that have a short form.
_SHORT = {"i": "call-id", "f": "from", "t": "to", "v": "via", "m": "contact"}
_FOLDED = re.compile(r"\r?\n[ \t]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCHEME = re.compile(r"(?:sips?|tel):", re.IGNORECASE)
# RFC 4568 §4: a key, in one of the suites that the stack knows.
_SECRET = re.compile(r"audio \d+ RTP/SAVPF? ")
_CRYPTO = re.compile(
    r"^a=crypto:\d+ "
    r"(?:AES_CM_128_HMAC_SHA1_(?:80|32)|AEAD_AES_(?:128|256)_GCM) inline:",
    re.MULTILINE | re.IGNORECASE,
)
_TAG = re.compile(r";\s*tag\s*=", re.IGNORECASE)
# RFC 3966 §5.1.1: these are there for the eye only.
_SEPARATORS = str.maketrans("", "", "-.() ")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# A call that was forwarded more often goes round.
_MOST_DIVERSIONS = 10
_NUMBER = re.compile(r"\+?[0-9]{1,32}")


@dataclass(frozen=True, slots=True)
class Request:
    """A SIP request: its first line, its headers, and what it carries."""

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...]
    body: str = ""

    def values(self, name: str) -> tuple[str, ...]:
        """Return what a header holds, over all its lines and commas, in order."""
        lines = (value for key, value in self.headers if key == name)
        return tuple(one for line in lines for one in _split(line))

    def first(self, name: str) -> str:
        """Return the first value of a header, or nothing."""
        return next(iter(self.values(name)), "")

    @property
    def begins_call(self) -> bool:
        """Whether it is an INVITE outside any call (RFC 3261 §12.2)."""
        return self.method == "INVITE" and not _TAG.search(bare(self.first("to")))

    @property
    def lacks_keys(self) -> bool:
        """Whether it offers sound that is to be secret, and no keys for it."""
        sounds = re.split(r"^m=", self.body, flags=re.MULTILINE)[1:]
        return any(
            _SECRET.match(sound) and not _CRYPTO.search(sound) for sound in sounds
        )


def request(text: str) -> Request | None:
    """Read a SIP message; None when it is no request."""
    head, *body = re.split(r"\r?\n\r?\n", text, maxsplit=1)
    # RFC 3261 §7.3.1: a line ends with CR LF and with nothing else that looks like an
    # end, or whatever stands in a display name could pass for a header.
    first, *lines = re.split(r"\r?\n", _FOLDED.sub(" ", head))
    match first.split(" "):
        case [method, uri, "SIP/2.0"]:
            return Request(method, uri, tuple(_headers(lines)), "".join(body))
        case _:
            return None


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        # A header with such a letter in it still stands: without it, another would be
        # believed in its place.
        name, colon, value = _CONTROL.sub("_", line).partition(":")
        if colon:
            key = name.strip().lower()
            yield _SHORT.get(key, key), value.strip()


def _split(value: str) -> Iterator[str]:
    """Part a header at its commas, but not within quotes or an address."""
    quiet = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), value)
    depth, start = 0, 0
    for at, letter in enumerate(quiet):
        depth += (letter == "<") - (letter == ">")
        if letter == "," and depth <= 0:
            yield value[start:at].strip()
            start = at + 1
    yield value[start:].strip()


def bare(value: str) -> str:
    """Return an address header without a display name, which can hold anything."""
    return _QUOTED.sub("", value)


def user(address: str) -> str:
    """Return the user part of a URI or an address header, with escapes undone."""
    plain = bare(address)
    inside = re.search(r"<([^>]*)>", plain)
    uri = inside[1] if inside else plain.partition(";")[0]
    scheme = _SCHEME.match(uri.strip())
    if scheme is None:
        return ""
    rest = uri.strip()[scheme.end() :]
    if scheme[0].lower() == "tel:":
        name = rest
    else:
        name, at, _ = rest.partition("@")
        name = name if at else ""
    # A password and parameters can follow the user (RFC 3261 §19.1.1).
    name = unquote(re.split("[;:?]", name, maxsplit=1)[0], errors="replace")
    return name if len(name) <= _LONGEST and name.isprintable() else ""


def number(address: str) -> str | None:
    """Return the telephone number in an address; None where there is none."""
    digits = user(address).translate(_SEPARATORS)
    return digits if _NUMBER.fullmatch(digits) else None


def offer(invite: Request, trusted: bool, own: str | None = None) -> Offer:
    """Say what an INVITE offers; who calls is believed of those trusted only.

    `own` is the registered user: an exchange that calls our contact names it there.
    """
    return Offer(
        id=invite.first("call-id"),
        dialled=_dialled(invite, own),
        caller=_caller(invite) if trusted else None,
        forwarded_from=_forwarded_from(invite) if trusted else (),
    )


def _dialled(invite: Request, own: str | None) -> str:
    asked, meant = user(invite.uri), user(invite.first("to"))
    # An exchange that calls the registered contact says nothing of what was dialled
    # there, but the header To may.
    ours = own is not None and re.fullmatch(re.escape(own) + r"(-0x[0-9a-f]+)?", asked)
    return (meant or asked) if ours or not asked else asked


def _caller(invite: Request) -> str | None:
    # RFC 3325 §9.1: there may be two, of which one is a sip and one a tel URI. From is
    # written by the caller: it counts only for a peer that asserts nobody's identity.
    asserted = [number(one) for one in invite.values("p-asserted-identity")]
    if asserted:
        return next((one for one in asserted if one), None)
    return number(invite.first("from"))


def _forwarded_from(invite: Request) -> tuple[str, ...]:
    # RFC 5806 §5: the newest diversion stands first. RFC 7044 §10: the newest entry
    # stands last, and is where the call has come to.
    forwarded = invite.values("diversion") or invite.values("history-info")[-2::-1]
    numbers = (number(one) for one in forwarded[:_MOST_DIVERSIONS])
    return tuple(one for one in numbers if one)
