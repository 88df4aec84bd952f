"""Everybody is kept in memory, and read again when something has changed."""

from dataclasses import replace

from web_house import ANNA, BO, NOW

from voice.store.directory_port import Directory, Listing
from voice.store.memory import memory_store
from voice.web.staff import Staff

KNOWN = Listing(ANNA, "Anna Berg", "Bygglov", mail="anna@example.org")
OTHER = Listing(BO, "Bo Ek")


class Watched:
    """A directory that tells how often it was read whole."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.readings = 0
        self.revision = directory.revision

    async def list(self) -> tuple[Listing, ...]:
        self.readings += 1
        return await self._directory.list()


async def test_everybody_is_read_once_however_many_ask():
    store = memory_store()
    await store.directory.put([OTHER, KNOWN], NOW, "test")
    watched = Watched(store.directory)
    staff = Staff(watched)
    for _ in range(3):
        assert await staff.listed() == (KNOWN, OTHER)
        assert [each.extension for each in await staff.find("berg")] == [ANNA]
        assert await staff.named() == {ANNA: "Anna Berg", BO: "Bo Ek"}
    assert watched.readings == 1


async def test_whatever_changes_is_seen_at_once():
    store = memory_store()
    await store.directory.put([KNOWN], NOW, "test")
    staff = Staff(store.directory)
    assert await staff.listed() == (KNOWN,)
    for changed in (
        replace(KNOWN, mail="anna.berg@example.org"),
        replace(KNOWN, mobiles=("+46701234567",)),
        replace(KNOWN, coupled=True),
        replace(KNOWN, name="Anna Lind"),
    ):
        await store.directory.put([changed], NOW, "test")
        assert await staff.listed() == (changed,)
        assert (await staff.named())[ANNA] == changed.name
        assert len(await staff.find(changed.name.split()[1])) == 1
    await store.directory.remove(ANNA, NOW, "test")
    assert (await staff.listed(), await staff.find(""), await staff.named()) == (
        (),
        (),
        {},
    )
