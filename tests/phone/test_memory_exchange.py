"""The twin of an exchange keeps the promises of all."""

from collections.abc import Awaitable, Sequence

import pytest
from line_contract import USUAL, LinePromises, Numbers, Told

from voice.phone.memory import CallerStep, MemoryLine
from voice.phone.memory_exchange import MemoryExchange, MemoryRinging
from voice.phone.port import Offer


class MemoryPhones:
    """Callers in the same process."""

    def __init__(self, exchange: MemoryExchange) -> None:
        self._exchange = exchange

    async def call(
        self,
        plan: Sequence[CallerStep],
        numbers: Numbers = USUAL,
        transfers: bool | None = None,
    ) -> Awaitable[Told]:
        first = numbers.forwarded_from
        forwarders = () if first is None else (first,)
        offer = Offer("1", numbers.dialled, numbers.caller, forwarders)
        ringing = self._exchange.ring(offer, plan, transfers is not False)
        if not plan:
            ringing.leave()
        return _told(ringing)


async def _told(ringing: MemoryRinging) -> Told:
    match await ringing.outcome():
        case MemoryLine(sent=sent, transferred_to=number):
            return Told(True, bytes(sent), number)
        case _:
            return Told(False)


class TestMemoryExchange(LinePromises):
    @pytest.fixture
    def exchange(self) -> MemoryExchange:
        return MemoryExchange()

    @pytest.fixture
    def far(self, exchange: MemoryExchange) -> MemoryPhones:
        return MemoryPhones(exchange)


async def test_a_closed_exchange_offers_nothing_more():
    exchange = MemoryExchange()
    exchange.ring(Offer("1", "4949"), ())
    exchange.close()
    assert [ringing.offer.id async for ringing in exchange.offers()] == ["1"]
    assert [ringing async for ringing in exchange.offers()] == []
