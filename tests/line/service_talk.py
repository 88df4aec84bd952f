"""What tests do with a service that runs: call it, and look at what came of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from phones import Habits, Phone, follow, speech_of
from service import BO, Service

from voice.divert.model import Divert, DivertSet, Mode, Source
from voice.phone.memory import CallerStep, Plays, Waits
from voice.sound.wave import read_wave
from voice.store.port import Turn, Who

# After the greeting; while it is spoken; and a while for an answer.
GREETED, OVER_GREETING, ANSWERED = Waits(5.0), Waits(0.8), Waits(4.0)
SAID = Path(__file__).parent.parent.parent / "audio-fixtures/said"
MEETING = "tjanstearende-till-fjorton-och-trettio-kokoro-mix-lars.wav"


def says(name: str) -> Plays:
    return Plays(read_wave(SAID / name))


async def called(
    studio, to: str, number: str, plan: list[CallerStep], caller: str = "1234"
) -> Phone:
    """Call a number there, carry a plan out, and wait for the end of the call."""
    phone: Phone = await studio.phone(speech_of(plan), Habits(number=caller))
    dialled = number.replace("#", "%23")
    phone.order(f"dial sip:{dialled}@{to}")
    await phone.says("Call established")
    studio.work(follow(phone, plan))
    await phone.says("terminated", "session closed")
    await phone.off()
    return phone


def of(who: Who, turns: tuple[Turn, ...]) -> list[str]:
    return [turn.text for turn in turns if turn.who is who]


async def diverted(service: Service, until: timedelta, reason: str = "SAM") -> Divert:
    now = datetime.now(UTC)
    divert = Divert(BO, reason, now, now + until, Mode.CLOSED, Source.CALENDAR, now)
    await service.store.diverts.apply(BO, lambda _: DivertSet(divert), now, "test")
    return divert
