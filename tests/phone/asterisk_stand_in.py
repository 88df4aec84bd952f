"""An Asterisk that calls: it speaks FastAGI and AudioSocket over real sockets."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from line_contract import Numbers, Told

from voice.phone.audiosocket import AsteriskExchange
from voice.phone.memory import CallerStep, HangsUp, Plays, Presses, Waits
from voice.phone.peers import Place
from voice.phone.port import FRAME_BYTES, FRAME_SECONDS

SILENCE = bytes(FRAME_BYTES)
HANG_UP = b"\x00\x00\x00"
STAYS_SECONDS = 30.0
PLAIN = Numbers()


def message(kind: int, payload: bytes) -> bytes:
    return bytes((kind,)) + len(payload).to_bytes(2, "big") + payload


def told_of(script: str, numbers: Numbers, *arguments: str) -> bytes:
    """Write what Asterisk 22 tells of a call, as it was seen to."""
    values = {
        "network": "yes",
        "network_script": script,
        "request": f"agi://127.0.0.1/{script}",
        "channel": "PJSIP/anna-00000000",
        "language": "sv",
        "type": "PJSIP",
        "uniqueid": "1795850174.0",
        "version": "22.10.1",
        "callerid": numbers.caller,
        "calleridname": "Åsa",
        "dnid": numbers.dialled,
        "rdnis": numbers.forwarded_from or "unknown",
        "context": "phones",
        "extension": numbers.dialled,
        "priority": "1",
        "enhanced": "0.0",
        "accountcode": "",
    }
    values |= {f"arg_{at}": each for at, each in enumerate(arguments, 1)}
    lines = [f"agi_{name}: {value}" for name, value in values.items()]
    return "\n".join([*lines, "", ""]).encode()


class Channel:
    """One call of the stand-in, as its dialplan would carry it."""

    def __init__(
        self, exchange: AsteriskExchange, plan: Sequence[CallerStep], transfers: bool
    ) -> None:
        self._exchange, self._transfers = exchange, transfers
        self._steps = list(plan)
        self._taken: asyncio.Task[None] | None = None
        self.heard = bytearray()
        self.put_through_to: str | None = None
        self.answered = self.left = False
        self.variables: dict[str, str] = {}

    async def run(self, numbers: Numbers) -> Told:
        agi = self._exchange.agi
        reader, writer = await asyncio.open_connection(agi.host, agi.port)
        writer.write(told_of("call", numbers))
        if not self._steps:
            writer.write(b"HANGUP\n")
        try:
            while line := await reader.readline():
                writer.write(await self._carried_out(line.decode().strip()))
                if self.left:
                    writer.write(b"HANGUP\n")
        finally:
            writer.close()
        return Told(self.answered, bytes(self.heard), self.put_through_to)

    async def _carried_out(self, command: str) -> bytes:
        match [word.strip('"') for word in command.split(" ")]:
            case ["ANSWER"] if self._steps:
                self.answered = True
                return b"200 result=0\n"
            case ["EXEC", "AudioSocket", arguments]:
                call, _, service = arguments.partition(",")
                await self._sound(UUID(call), service)
                return b"200 result=-1\n" if self.left else b"200 result=0\n"
            case ["GOSUB", "telefonist-transfer", number, "1", call]:
                return await self._gosub(number, call)
            case ["GET", "VARIABLE", name]:
                return f"200 result=1 ({self.variables[name]})\n".encode()
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return b"200 result=1\n"
            case ["HANGUP"]:
                return b"200 result=1\nHANGUP\n"
            case _:
                return b"510 Invalid or unknown command\n"

    async def _gosub(self, number: str, call: str) -> bytes:
        if not self._transfers:
            self.variables["DIALSTATUS"] = "BUSY"
            return b"100 result=0 Trying...\n200 result=0 Gosub complete\n"
        self.put_through_to = number
        agi = self._exchange.agi
        _, writer = await asyncio.open_connection(agi.host, agi.port)
        writer.write(told_of("taken", PLAIN, call))
        await writer.drain()
        writer.close()
        # They talk: no reply comes while they do.
        return b"100 result=0 Trying...\n"

    async def _sound(self, call: UUID, service: str) -> None:
        host, _, port = service.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(message(0x01, call.bytes))
        tasks = [asyncio.create_task(self._listen(reader))]
        tasks += [asyncio.create_task(self._speak(writer))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            writer.close()

    async def _listen(self, reader: StreamReader) -> None:
        with suppress(asyncio.IncompleteReadError):
            while (head := await reader.readexactly(3)) != HANG_UP:
                assert head[0] == 0x10
                self.heard += await reader.readexactly(int.from_bytes(head[1:], "big"))

    async def _speak(self, writer: StreamWriter) -> None:
        due = asyncio.get_running_loop().time()
        async for said in self._said():
            writer.write(said)
            if said[0] == 0x10:
                due += FRAME_SECONDS
                now = asyncio.get_running_loop().time()
                await asyncio.sleep(max(due - now, 0.0))

    async def _said(self) -> AsyncIterator[bytes]:
        while True:
            match self._steps.pop(0) if self._steps else Waits(STAYS_SECONDS):
                case Plays(pcm):
                    for at in range(0, len(pcm), FRAME_BYTES):
                        yield message(0x10, pcm[at : at + FRAME_BYTES])
                case Presses(keys):
                    for key in keys:
                        yield message(0x03, key.encode())
                        yield message(0x10, SILENCE)
                case Waits(seconds):
                    for _ in range(round(seconds / FRAME_SECONDS)):
                        yield message(0x10, SILENCE)
                case HangsUp():
                    self.left = True
                    return


class StandIn:
    """Telephones behind it."""

    def __init__(self, exchange: AsteriskExchange) -> None:
        self._exchange = exchange
        self._calls: set[asyncio.Task[Told]] = set()

    async def call(
        self,
        plan: Sequence[CallerStep],
        numbers: Numbers = PLAIN,
        transfers: bool | None = None,
    ) -> Awaitable[Told]:
        channel = Channel(self._exchange, plan, transfers is True)
        task = asyncio.create_task(channel.run(numbers))
        self._calls.add(task)
        return task

    async def close(self) -> None:
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)


@asynccontextmanager
async def asked(
    place: Place, script: str, numbers: Numbers, *arguments: str
) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    """Ask a FastAGI script as Asterisk does."""
    reader, writer = await asyncio.open_connection(place.host, place.port)
    writer.write(told_of(script, numbers, *arguments))
    try:
        yield reader, writer
    finally:
        writer.close()
