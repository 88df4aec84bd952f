"""What the house and the line process say to each other, and how it is written."""

import json
import struct
from asyncio import StreamReader
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from voice.phone.port import FRAME_BYTES, Offer
from voice.phone.settings import Encryption, Registration, SipSettings, Transport

_HEAD = struct.Struct(">IB")
_FRAME = struct.Struct(f">I{FRAME_BYTES}s")
_SOUNDS = 0
_WORDS = 1
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Open:
    """Open the line."""

    settings: SipSettings


@dataclass(frozen=True, slots=True)
class Close:
    """End all calls, and then the process."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Take a call that is offered."""

    call: int


@dataclass(frozen=True, slots=True)
class End:
    """End a call, or refuse one that is offered."""

    call: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Put a caller through."""

    call: int
    uri: str


@dataclass(frozen=True, slots=True)
class How:
    """The line has become ready, or has not; `detail` is for the operator."""

    ready: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A call is offered."""

    call: int
    offer: Offer


@dataclass(frozen=True, slots=True)
class Answered:
    """Sound goes both ways in a call."""

    call: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller has pressed a key."""

    call: int
    key: str


@dataclass(frozen=True, slots=True)
class Transferred:
    """The exchange has put the caller through, or would not."""

    call: int
    done: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A call is over."""

    call: int


@dataclass(frozen=True, slots=True)
class Sounds:
    """Frames of many calls, each with the number of its call."""

    frames: tuple[tuple[int, bytes], ...]


Order: TypeAlias = Open | Close | Answer | End | Transfer | Sounds
Report: TypeAlias = How | Offered | Answered | Pressed | Transferred | Ended | Sounds
Message: TypeAlias = Order | Report

_KINDS: dict[str, Callable[..., Message]] = {
    kind.__name__: kind
    for kind in (Open, Close, Answer, End, Transfer)
    + (How, Offered, Answered, Pressed, Transferred, Ended)
}


def pack(message: Message) -> bytes:
    """Write a message."""
    match message:
        case Sounds(frames):
            body = b"".join(_FRAME.pack(call, pcm) for call, pcm in frames)
            return _HEAD.pack(len(body), _SOUNDS) + body
        case _:
            words = [type(message).__name__, asdict(message)]
            body = json.dumps(words, default=str).encode()
            return _HEAD.pack(len(body), _WORDS) + body


async def read(stream: StreamReader) -> Message:
    """Read the next message; EOFError when the other side has ended, or is mad."""
    length, kind = _HEAD.unpack(await stream.readexactly(_HEAD.size))
    if length > _LONGEST:
        raise EOFError("the other side writes nonsense")
    body = await stream.readexactly(length)
    try:
        if kind == _SOUNDS:
            return Sounds(tuple(_FRAME.iter_unpack(body)))
        name, values = json.loads(body)
        told = {key: _value(key, value) for key, value in values.items()}
        return _KINDS[name](**told)
    except (AttributeError, LookupError, TypeError, ValueError, struct.error) as error:
        raise EOFError("the other side writes nonsense") from error


def _value(key: str, value: Any) -> Any:
    match key:
        case "offer":
            return Offer(**value | {"forwarded_from": tuple(value["forwarded_from"])})
        case "settings":
            return _settings(value)
        case _:
            return value


def _settings(values: dict[str, Any]) -> SipSettings:
    account, certificate = values["registration"], values["certificate"]
    authorities = values["authorities"]
    return SipSettings(
        **values
        | {
            "transport": Transport(values["transport"]),
            "encryption": Encryption(values["encryption"]),
            "registration": None if account is None else Registration(**account),
            "certificate": None if certificate is None else Path(certificate),
            "authorities": None if authorities is None else Path(authorities),
            "trusted": tuple(values["trusted"]),
            "rtp_ports": tuple(values["rtp_ports"]),
        }
    )
