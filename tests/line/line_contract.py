"""Promises of any exchange and its lines, whoever carries the calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pytest
from line_sounds import CHIRP, SILENCE, level_change, place_of

from voice.phone.memory import CallerStep, HangsUp, Plays, Presses, Waits
from voice.phone.port import (
    AHEAD_FRAMES,
    FRAME_BYTES,
    FRAME_SECONDS,
    Arrival,
    CallGoneError,
    Exchange,
    HungUp,
    Keyed,
    Line,
    Refusal,
    Ringing,
    Sound,
)

PATIENCE = 20.0
STAYS: tuple[CallerStep, ...] = (Waits(30.0),)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a far end says of its call."""

    dialled: str = "4949"
    caller: str = "1234"
    forwarded_from: str | None = None


USUAL = Numbers()


@dataclass(frozen=True, slots=True)
class Told:
    """What a far end tells of a call when it is over."""

    answered: bool
    heard: bytes = b""
    put_through_to: str | None = None


class FarEnd(Protocol):
    """Telephones that somebody else made, or their twins."""

    async def call(
        self,
        plan: Sequence[CallerStep],
        numbers: Numbers = USUAL,
        transfers: bool | None = None,
    ) -> Awaitable[Told]:
        """Place a call; what is told when it is over can be awaited.

        `transfers` says whether the exchange puts it through when asked; None where
        it is not asked.
        """
        ...


async def offered(offers: AsyncIterator[Ringing]) -> Ringing:
    async with asyncio.timeout(PATIENCE):
        return await anext(offers)


async def whole(line: Line) -> list[Arrival]:
    """Attend a call without a word."""
    async with asyncio.timeout(PATIENCE):
        return [arrival async for arrival in line.arrivals()]


async def speaking(line: Line, pcm: bytes) -> list[Arrival]:
    """Attend a call, and say something as soon as it comes."""
    frames = [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES)]
    came: list[Arrival] = []
    ahead = AHEAD_FRAMES
    async with asyncio.timeout(PATIENCE):
        async for arrival in line.arrivals():
            came.append(arrival)
            if isinstance(arrival, Sound):
                for frame in frames[: 1 + ahead]:
                    await line.send(frame)
                del frames[: 1 + ahead]
                ahead = 0
    return came


def heard_in(came: Sequence[Arrival]) -> bytes:
    return b"".join(one.pcm for one in came if isinstance(one, Sound))


def keys_in(came: Sequence[Arrival]) -> str:
    return "".join(one.key for one in came if isinstance(one, Keyed))


class LinePromises:
    """Subclasses give the fixtures `exchange` and `far`."""

    @pytest.fixture
    async def offers(self, exchange: Exchange) -> AsyncIterator[Ringing]:
        return exchange.offers()

    async def test_an_open_line_says_so(self, exchange: Exchange):
        assert exchange.condition.ready
        assert exchange.condition.detail.endswith(".")

    async def test_an_offer_carries_the_numbers(self, offers, far: FarEnd):
        numbers = Numbers("*23*3*1530#", "1234", forwarded_from="1630")
        told = await far.call((HangsUp(),), numbers)
        ringing = await offered(offers)
        offer = ringing.offer
        assert (offer.dialled, offer.caller) == ("*23*3*1530#", "1234")
        assert offer.forwarded_from == ("1630",)
        assert offer.id
        await ringing.refuse(Refusal.BUSY)
        await told

    async def test_frames_come_though_the_caller_is_silent(self, offers, far: FarEnd):
        told = await far.call((Waits(1.0), HangsUp(once=True)))
        came = await whole(await (await offered(offers)).answer())
        frames = [one for one in came if isinstance(one, Sound)]
        assert {len(one.pcm) for one in frames} == {FRAME_BYTES}
        # Half of the time is plenty for a busy machine; without a clock, none came.
        assert len(frames) * FRAME_SECONDS >= 0.5
        await told

    async def test_what_the_caller_says_arrives(self, offers, far: FarEnd):
        told = await far.call((Waits(0.5), Plays(CHIRP, over=True), Waits(0.5)))
        line = await (await offered(offers)).answer()
        heard = bytearray()
        async with asyncio.timeout(PATIENCE):
            async for arrival in line.arrivals():
                heard += arrival.pcm if isinstance(arrival, Sound) else b""
                if len(heard) > 2 * len(CHIRP) + 16000:
                    break
        place = place_of(CHIRP, bytes(heard))
        assert place.likeness > 0.97
        assert abs(level_change(CHIRP, bytes(heard), place)) < 0.5
        await line.hang_up()
        await told

    async def test_what_is_sent_arrives_whole(self, offers, far: FarEnd):
        told = await far.call((Waits(2.5), HangsUp(once=True)))
        line = await (await offered(offers)).answer()
        await speaking(line, SILENCE[: FRAME_BYTES * 10] + CHIRP)
        heard = (await told).heard
        place = place_of(CHIRP, heard)
        # Above 0.97 it is whole and the right way up: 20 ms that lack cost more.
        assert place.likeness > 0.97
        assert abs(level_change(CHIRP, heard, place)) < 0.5

    async def test_keys_come_once_and_in_their_order(self, offers, far: FarEnd):
        keys = "*23*3*1530#00"
        told = await far.call((Waits(0.3), Presses(keys), HangsUp(once=True)))
        came = await whole(await (await offered(offers)).answer())
        assert keys_in(came) == keys
        await told

    async def test_nothing_comes_after_the_caller_has_left(self, offers, far: FarEnd):
        told = await far.call((Waits(0.3), HangsUp(once=True)))
        line = await (await offered(offers)).answer()
        came = await whole(line)
        assert came[-1] == HungUp()
        assert came.count(HungUp()) == 1
        await line.send(SILENCE[:FRAME_BYTES])
        assert not await line.transfer("0")
        await line.hang_up()
        assert (await told).answered

    async def test_the_attendant_can_end_the_call_and_twice(self, offers, far: FarEnd):
        told = await far.call(STAYS)
        line = await (await offered(offers)).answer()
        arrivals = line.arrivals()
        assert isinstance(await anext(arrivals), Sound)
        await line.hang_up()
        await line.hang_up()
        async with asyncio.timeout(PATIENCE):
            assert HungUp() not in [arrival async for arrival in arrivals]
            assert (await told).answered
        await line.send(SILENCE[:FRAME_BYTES])

    async def test_a_caller_is_put_through(self, offers, far: FarEnd):
        told = await far.call(STAYS, transfers=True)
        line = await (await offered(offers)).answer()
        arrivals = line.arrivals()
        await anext(arrivals)
        async with asyncio.timeout(PATIENCE):
            assert await line.transfer("1630")
            assert HungUp() not in [arrival async for arrival in arrivals]
            assert (await told).put_through_to == "1630"

    async def test_a_call_that_is_not_put_through_goes_on(self, offers, far: FarEnd):
        told = await far.call(STAYS, transfers=False)
        line = await (await offered(offers)).answer()
        arrivals = line.arrivals()
        await anext(arrivals)
        async with asyncio.timeout(PATIENCE):
            assert not await line.transfer("1630")
            assert isinstance(await anext(arrivals), Sound)
            await line.hang_up()
            assert (await told).put_through_to is None

    async def test_a_refused_call_is_not_answered(self, offers, far: FarEnd):
        told = await far.call(STAYS)
        ringing = await offered(offers)
        await ringing.refuse(Refusal.UNKNOWN)
        async with asyncio.timeout(PATIENCE):
            assert not (await told).answered
        await ringing.refuse(Refusal.UNKNOWN)

    async def test_a_caller_who_gave_up_cannot_be_answered(self, offers, far: FarEnd):
        told = await far.call(())
        ringing = await offered(offers)
        async with asyncio.timeout(PATIENCE):
            assert not (await told).answered
            with pytest.raises(CallGoneError):
                await ringing.answer()
        await ringing.refuse(Refusal.BUSY)

    async def test_two_calls_at_once_do_not_mix(self, offers, far: FarEnd):
        plans = [(Waits(0.5), Presses(keys), HangsUp(once=True)) for keys in "12"]
        told = [
            await far.call(plan, Numbers(f"494{at}")) for at, plan in enumerate(plans)
        ]
        lines = {}
        for _ in plans:
            ringing = await offered(offers)
            lines[ringing.offer.dialled] = await ringing.answer()
        came = await asyncio.gather(*(whole(lines[to]) for to in ("4940", "4941")))
        assert [[one for one in each if isinstance(one, Keyed)] for each in came] == [
            [Keyed("1")],
            [Keyed("2")],
        ]
        for each in told:
            assert (await each).answered

    async def test_a_draining_line_ends_what_stands_and_takes_nothing_new(
        self, exchange: Exchange, offers, far: FarEnd
    ):
        standing = await far.call((Waits(3.0), Presses("1"), HangsUp(once=True)))
        line = await (await offered(offers)).answer()
        await exchange.drain()
        async with asyncio.timeout(PATIENCE):
            late = await far.call(STAYS)
            assert not (await late).answered
        assert Keyed("1") in await whole(line)
        assert (await standing).answered
