"""Telephones and call generators that others made, for the tests marked `line`."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
import scenes
from line_contract import USUAL, Numbers, Told
from phones import PLAIN, Habits, Phone, follow, speech_of, switch_on
from service import Service, running
from sipp import HERE, Scene, free_port, play

from voice.phone.memory import CallerStep
from voice.phone.settings import SipSettings

T = TypeVar("T")

_PROGRAMS = {"baresip": "baresip-core", "sipp": "sip-tester"}


# Sound that real telephones play goes by the clock on the wall: a machine that stands
# still for a moment breaks a prompt, whatever the program does.
_AGAIN = 4


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("line") is not None:
            item.add_marker(pytest.mark.flaky(reruns=_AGAIN))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("line") is None:
        return
    for program, package in _PROGRAMS.items():
        if shutil.which(program) is None:
            why = f"{program} is not here: apt install {package}"
            if item.config.getoption("--line-required"):
                pytest.fail(why)
            pytest.skip(why)


@pytest.fixture
def settings() -> SipSettings:
    """A trunk on loopback, which trusts what calls it."""
    port = free_port(102)
    rtp = port + 2
    return SipSettings(
        exchange=f"{HERE}:{free_port()}",
        listen=f"{HERE}:{port}",
        trusted=(HERE,),
        rtp_ports=(rtp, rtp + 99),
        calls=8,
    )


class Studio:
    """Everything that calls in a test; it is switched off at the end."""

    def __init__(self, folder: Path, to: str) -> None:
        self._folder, self.to = folder, to
        self._numbers = count(1)
        self._phones: list[Phone] = []
        self._scenes: list[Scene] = []
        self._at_work: list[asyncio.Task[Any]] = []

    def _place(self) -> Path:
        return self._folder / str(next(self._numbers))

    async def phone(self, said: bytes = b"", habits: Habits = PLAIN) -> Phone:
        phone = await switch_on(self._place(), said, habits)
        self._phones.append(phone)
        self.work(phone.read())
        await phone.says("baresip is ready")
        return phone

    def work(self, what: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Do something beside the test."""
        self._at_work.append(task := asyncio.create_task(what))
        return task

    async def sipp(
        self, scene: str, service: str = "4949", options: tuple[str, ...] = ()
    ) -> Scene:
        playing = await play(self._place(), scene, self.to, service, options)
        self._scenes.append(playing)
        return playing

    async def registrar(self, scene: str, port: int) -> Scene:
        """Let a scene wait for registrations at a port."""
        playing = await play(self._place(), scene, port)
        self._scenes.append(playing)
        return playing

    async def is_refused(self) -> bool:
        """Call, and hear busy."""
        playing = await self.sipp(scenes.scene(scenes.is_refused(486)))
        return await playing.went_well()

    async def follows(self, phone: Phone, plan: Sequence[CallerStep]) -> None:
        await phone.says("Call established")
        await follow(phone, plan)

    async def off(self) -> None:
        for scene in self._scenes:
            scene.stop()
            await scene.process.wait()
        for phone in self._phones:
            await phone.off()
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)


@pytest.fixture
async def studio(tmp_path: Path, settings: SipSettings) -> AsyncIterator[Studio]:
    studio = Studio(tmp_path, settings.listen)
    yield studio
    await studio.off()


class SipPhones:
    """Baresip where sound and keys count, sipp where messages do."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def call(
        self,
        plan: Sequence[CallerStep],
        numbers: Numbers = USUAL,
        transfers: bool | None = None,
    ) -> Awaitable[Told]:
        service = numbers.dialled.replace("#", "%23")
        if not plan:
            return await self._scene(service, False, None, scenes.gives_up())
        if numbers.forwarded_from is not None:
            headers = (
                f"Diversion: <sip:{numbers.forwarded_from}@pbx>;reason=unconditional",
                f"P-Asserted-Identity: <sip:{numbers.caller}@pbx>",
            )
            refused = scenes.is_refused(486, headers=headers)
            return await self._scene(service, False, None, refused)
        if transfers is not None:
            line = "SIP/2.0 200 OK" if transfers else "SIP/2.0 486 Busy Here"
            referred = scenes.is_referred("202 Accepted")
            notified = scenes.tells_of_transfer(line)
            steps = (scenes.begins(), referred, notified, scenes.is_ended())
            return await self._scene(service, True, transfers, *steps)
        habits = Habits(number=numbers.caller)
        phone = await self._studio.phone(speech_of(plan), habits)
        phone.order(f"dial sip:{service}@{self._studio.to}")
        self._studio.work(self._studio.follows(phone, plan))
        return self._studio.work(_heard(phone))

    async def _scene(
        self, service: str, answered: bool, transfers: bool | None, *steps: str
    ) -> Awaitable[Told]:
        playing = await self._studio.sipp(scenes.scene(*steps), service)

        async def told() -> Told:
            assert await playing.went_well(), playing.faults
            return Told(answered, put_through_to=playing.log if transfers else None)

        return self._studio.work(told())


async def _heard(phone: Phone) -> Told:
    ended = await phone.says("terminate", "session closed")
    answered = "Call established" in "".join(phone.told)
    await phone.off()
    return Told(answered, phone.heard if answered else b"") if ended else Told(False)


@pytest.fixture
def far(studio: Studio) -> SipPhones:
    return SipPhones(studio)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for what takes time to make, made once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def service(tmp_path: Path, cache: Path) -> AsyncIterator[Service]:
    async with running(tmp_path / "site", cache) as service:
        yield service
