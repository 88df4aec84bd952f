"""Everybody in the directory, by whatever they are called; read when it has changed."""

import asyncio

from voice.language.index import Index, Person
from voice.store.directory_port import Directory


class Staff:
    """The people of a directory, kept in memory to be looked up."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._index = Index(())
        self._revision: int | None = None
        self._asking = asyncio.Lock()

    async def find(self, text: str) -> tuple[Person, ...]:
        """Return whom a text fits, the best first; everybody where there is none."""
        async with self._asking:
            await self._renew()
        return self._index.find(text)

    async def _renew(self) -> None:
        revision = await self._directory.revision()
        if revision == self._revision:
            return
        listings = await self._directory.list()
        people = [Person(li.extension, li.name, li.unit, li.search) for li in listings]
        # Thousands of people take a moment, in which others are to be answered.
        self._index = await asyncio.to_thread(Index, people)
        self._revision = revision
