"""Debian's baresip as a telephone: it calls, presses keys, and records the answer."""

import asyncio
import wave
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from line_sounds import RATE, Place, at_rate, place_of
from sipp import HERE, PATIENCE, free_port

from voice.phone.memory import CallerStep, HangsUp, Plays, Presses, Waits

# It holds each key for a quarter of a second, and more must not be pressed before.
_BETWEEN_KEYS_SECONDS = 0.3
# How alike a sound is that came whole, and how often it is looked for.
_ALIKE, _LOOKS = 0.95, 0.2
# A telephone hangs up when its source of sound has no more to give.
_TAIL_SECONDS = 60

_CONFIG = """
poll_method epoll
sip_listen {here}:{port}
net_interface {here}
audio_player aubridge,speaker
audio_alert aubridge,bell
audio_source aufile,{folder}/said.wav
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer 20-160
rtp_ports {rtp}-{rtp_last}
jitter_buffer_delay 1-10
module_path /usr/lib/baresip/modules
module stdio.so
module g711.so
module g722.so
module srtp.so
module aufile.so
module sndfile.so
module aubridge.so
module_tmp account.so
module_app menu.so
snd_path {folder}
{more}
"""


@dataclass(frozen=True, slots=True)
class Habits:
    """What kind of telephone it is."""

    number: str = "1234"
    codec: str = "PCMA"
    transport: str = "udp"
    account: str = ""
    config: str = ""
    rtp: int | None = None
    port: int | None = None


PLAIN = Habits()


@dataclass(slots=True)
class Phone:
    """A telephone that is on."""

    process: Process
    folder: Path
    told: list[str] = field(default_factory=list)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def read(self) -> None:
        """Take what it writes, until it is off."""
        assert self.process.stdout
        while chunk := await self.process.stdout.read(4096):
            async with self.more:
                self.told.append(chunk.decode("utf-8", "replace"))
                self.more.notify_all()
        async with self.more:
            self.told.append("(off)")
            self.more.notify_all()

    async def says(self, *texts: str) -> str:
        """Wait until it writes one of these, and return which."""
        async with asyncio.timeout(PATIENCE), self.more:
            while True:
                whole = "".join(self.told)
                for text in texts:
                    if text in whole:
                        return text
                await self.more.wait()

    def does(self, keys: str) -> None:
        """Press keys as on the telephone's own: digits, `x` and `X` to hold."""
        assert self.process.stdin
        if self.process.returncode is None:
            self.process.stdin.write(keys.encode())

    def order(self, command: str) -> None:
        self.does(f"/{command}\n")

    async def off(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()

    async def hears(self, sound: bytes) -> Place:
        """Wait until it has heard a sound whole, without a gap, and return where."""
        async with asyncio.timeout(PATIENCE):
            while True:
                there = place_of(sound, self.heard)
                if there.likeness > _ALIKE:
                    return there
                await asyncio.sleep(_LOOKS)

    @property
    def heard(self) -> bytes:
        """What it heard in its one call, at 8 kHz."""
        (path,) = self.folder.glob("dump-*-dec.wav")
        # The file's own count of samples is written last, and sometimes never.
        pcm = path.read_bytes()[44:]
        with wave.open(str(self.folder / "said.wav")) as said:
            rate = said.getframerate()
        return at_rate(pcm[: len(pcm) // 2 * 2], rate, RATE) if rate != RATE else pcm


def speech_of(plan: Sequence[CallerStep]) -> bytes:
    """Return the sound of a plan, with its silences."""
    sound = bytearray()
    for step in plan:
        match step:
            case Waits(seconds):
                sound += bytes(2 * round(RATE * seconds))
            case Presses(keys):
                sound += bytes(2 * round(RATE * _BETWEEN_KEYS_SECONDS * len(keys)))
            case Plays(pcm):
                sound += pcm
    return bytes(sound)


async def follow(phone: Phone, plan: Sequence[CallerStep]) -> None:
    """Do what a plan holds once the call is answered: the sound goes by itself."""
    for step in plan:
        match step:
            case Waits(seconds):
                await asyncio.sleep(seconds)
            case Plays(pcm):
                await asyncio.sleep(len(pcm) / 2 / RATE)
            case Presses(keys):
                for key in keys:
                    phone.does(key)
                    await asyncio.sleep(_BETWEEN_KEYS_SECONDS)
            case HangsUp():
                phone.order("hangup")


async def switch_on(folder: Path, said: bytes = b"", habits: Habits = PLAIN) -> Phone:
    """Switch a telephone on that will say this."""
    _write_down(folder, said, habits)
    process = await asyncio.create_subprocess_exec(
        *("baresip", "-f", str(folder)), stdin=PIPE, stdout=PIPE, stderr=STDOUT
    )
    return Phone(process, folder)


def _write_down(folder: Path, said: bytes, habits: Habits) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rate = 2 * RATE if "G722" in habits.codec else RATE
    whole = said + bytes(2 * RATE * _TAIL_SECONDS)
    with wave.open(str(folder / "said.wav"), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(whole if rate == RATE else at_rate(whole, RATE, rate))
    port, rtp = habits.port or free_port(2), habits.rtp or free_port(4)
    names = {"here": HERE, "port": port, "folder": folder, "more": habits.config}
    config = _CONFIG.format(**names, rtp=rtp, rtp_last=rtp + 3)
    (folder / "config").write_text(config)
    (folder / "accounts").write_text(
        f"<sip:{habits.number}@{HERE}:{port};transport={habits.transport}>;regint=0;"
        f"audio_codecs={habits.codec}{habits.account}\n"
    )
