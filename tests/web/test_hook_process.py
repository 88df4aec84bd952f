"""Hooks told by a real process that is killed between a call and its note."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hook_receiver import Receiver, is_signed, receiving
from web_house import ANNA
from web_served import served_web

from voice.divert.model import ClearDivert, Command, ReasonCode, SetDivert, Site, Source
from voice.hook_addresses import new_hook
from voice.hook_calls import NAME
from voice.language.catalog import Catalog
from voice.leasing import Terms, lease
from voice.obey import Door
from voice.store.database import open_store
from voice.store.leases_port import Lease


class House:
    """What a test does to the store that a process has open."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.address = f"sqlite:///{folder}/telefonist.db"
        self._site = Site(catalog.reasons)

    async def obeys(self, command: Command) -> None:
        async with open_store(self.address) as store:
            now = datetime.now(UTC)
            await Door(store, self._site).obey(command, now, Source.KEYS)

    async def hooks(self, receiver: Receiver) -> str:
        hook = new_hook(receiver.url)
        async with open_store(self.address) as store:
            await store.hooks.put(hook, datetime.now(UTC), "test")
        return hook.secret

    async def forgets_who_was_killed(self) -> None:
        """Let the lease of a process that is no more be over, as it soon would be."""
        async with open_store(self.address) as store:
            mine = lease(NAME)
            holder = await store.leases.take(mine, timedelta(seconds=Terms().length))
            await store.leases.give_up(Lease(NAME, holder))


@pytest.fixture
def house(tmp_path: Path, catalog: Catalog) -> House:
    return House(tmp_path, catalog)


async def test_what_was_sent_and_not_noted_is_sent_again_and_nothing_is_lost(
    tmp_path: Path, house: House
):
    async with receiving() as board:
        board.answering.clear()
        async with served_web(tmp_path) as served:
            secret = await house.hooks(board)
            await house.obeys(SetDivert(ANNA, ReasonCode("SAM")))
            await board.wait(1)
            served.process.kill()
            await served.process.wait()
        await house.obeys(ClearDivert(ANNA))
        await house.forgets_who_was_killed()
        board.answering.set()
        async with served_web(tmp_path) as served:
            await board.wait(3)
            assert await served.end() == 0
    assert board.kinds == ["1234 begun", "1234 begun", "1234 ended"]
    first, again, last = (letter.told["id"] for letter in board.letters)
    assert first == again != last
    assert all(is_signed(letter, secret) for letter in board.letters)
    log = "".join(served.told)
    assert "Traceback" not in log
    for private in (ANNA, "SAM", secret):
        assert private not in log
