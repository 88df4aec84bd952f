"""A bad road between a telephone and us: packets are lost, late, and out of order."""

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Self, TypeAlias

from sipp import HERE, free_port

Address: TypeAlias = tuple[str, int]

_SOUND = re.compile(rb"m=audio (\d{5}) ")


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it is: the share that is lost, and how late the rest may be."""

    lost: float = 0.02
    late_seconds: float = 0.03


class _End(asyncio.DatagramProtocol):
    """One side of the road: what comes here is handed over."""

    def __init__(self, take: Callable[[bytes, Address], None]) -> None:
        self._take = take
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._take(data, addr)

    def send(self, data: bytes, to: Address | None) -> None:
        if to and self.transport and not self.transport.is_closing():
            self.transport.sendto(data, to)


class Road:
    """Carries SIP as it is, and sound as the weather has it."""

    def __init__(self, to: str, weather: Weather, seed: int) -> None:
        host, _, port = to.rpartition(":")
        self._to = (host, int(port))
        self._weather, self._chance = weather, random.Random(seed)
        self._phone: Address | None = None
        self._phone_sound: Address | None = None
        self._our_sound: Address | None = None
        self.ports = {name: free_port(2) for name in ("sip", "near", "far")}
        self._ends: dict[str, _End] = {}
        self._open = ExitStack()
        self.carried = self.lost = 0

    @property
    def address(self) -> str:
        """Where a telephone calls instead."""
        return f"{HERE}:{self.ports['sip']}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        takes = {"sip": self._message, "near": self._to_us, "far": self._to_phone}
        for name, take in takes.items():
            transport, self._ends[name] = await loop.create_datagram_endpoint(
                partial(_End, take), local_addr=(HERE, self.ports[name])
            )
            self._open.callback(transport.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open.close()

    def _message(self, data: bytes, source: Address) -> None:
        sound = _SOUND.search(data)
        if source == self._to:
            if sound:
                self._our_sound = (HERE, int(sound[1]))
            self._ends["sip"].send(self._named(data, "near"), self._phone)
        else:
            self._phone = source
            if sound:
                self._phone_sound = (HERE, int(sound[1]))
            self._ends["sip"].send(self._named(data, "far"), self._to)

    def _named(self, data: bytes, port: str) -> bytes:
        # Ports of five digits leave the message as long as it was.
        return _SOUND.sub(b"m=audio %d " % self.ports[port], data)

    def _to_us(self, data: bytes, source: Address) -> None:
        self._carry(data, self._ends["far"], self._our_sound)

    def _to_phone(self, data: bytes, source: Address) -> None:
        self._carry(data, self._ends["near"], self._phone_sound)

    def _carry(self, data: bytes, by: _End, to: Address | None) -> None:
        self.carried += 1
        if self._chance.random() < self._weather.lost:
            self.lost += 1
            return
        late = self._chance.uniform(0, self._weather.late_seconds)
        asyncio.get_running_loop().call_later(late, by.send, data, to)
