"""How AudioSocket writes sound, keys and the call's id: bytes read and written."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias
from uuid import UUID

from voice.errors import VoiceError
from voice.phone.port import FRAME_BYTES, Keyed, Sound

_HEAD_BYTES = 3
_KEYS = frozenset(b"0123456789*#")
# Asterisk sends 20 ms, and never a second, in one message.
_LONGEST = 1 << 14

ID_BYTES = _HEAD_BYTES + 16
"""The first message is so long."""
HANG_UP = bytes(_HEAD_BYTES)
"""Asks Asterisk to end the sound, and go on with the call."""


class _Kind(IntEnum):
    ENDS = 0x00
    ID = 0x01
    KEY = 0x03
    SOUND = 0x10
    """16 bits, 8 kHz, little-endian; wider sound has kinds of its own."""
    ERROR = 0xFF


class AudioError(VoiceError):
    """The far end does not speak AudioSocket."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The first message: which call this is the sound of."""

    call: UUID


@dataclass(frozen=True, slots=True)
class SoundEnds:
    """Asterisk says that there is no more."""


Message: TypeAlias = Joined | Sound | Keyed | SoundEnds


def sound(pcm: bytes) -> bytes:
    """Write sound for Asterisk."""
    return bytes((_Kind.SOUND,)) + len(pcm).to_bytes(2, "big") + pcm


class AudioReader:
    """Makes messages of bytes that come in any pieces; sound comes by whole frames."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._pcm = bytearray()

    def feed(self, piece: bytes) -> Iterator[Message]:
        """Yield the messages that are whole."""
        self._bytes += piece
        while (length := self._length()) is not None:
            whole = _HEAD_BYTES + length
            if len(self._bytes) < whole:
                return
            kind, payload = self._bytes[0], bytes(self._bytes[_HEAD_BYTES:whole])
            del self._bytes[:whole]
            yield from self._read(kind, payload)

    def _length(self) -> int | None:
        if len(self._bytes) < _HEAD_BYTES:
            return None
        length = int.from_bytes(self._bytes[1:_HEAD_BYTES], "big")
        if length > _LONGEST:
            raise AudioError("This is no AudioSocket: a message is too long.")
        return length

    def _read(self, kind: int, payload: bytes) -> Iterator[Message]:
        match kind:
            case _Kind.SOUND:
                yield from self._frames(payload)
            case _Kind.KEY if len(payload) == 1 and payload[0] in _KEYS:
                yield Keyed(payload.decode())
            case _Kind.ID if len(payload) == 16:
                yield Joined(UUID(bytes=payload))
            case _Kind.ID:
                raise AudioError("This is no AudioSocket: a call's id is broken.")
            case _Kind.ENDS | _Kind.ERROR:
                yield SoundEnds()
            case _:
                return  # a key A to D, or a kind that is newer than this

    def _frames(self, payload: bytes) -> Iterator[Message]:
        # A telephone may send 10 or 30 ms at a time.
        self._pcm += payload
        while len(self._pcm) >= FRAME_BYTES:
            yield Sound(bytes(self._pcm[:FRAME_BYTES]))
            del self._pcm[:FRAME_BYTES]
