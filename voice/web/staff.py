"""Everybody in the directory, by whatever they are called; read when it has changed."""

import asyncio
from collections.abc import Mapping

from voice.divert.model import Extension
from voice.language.index import Index, Person
from voice.store.directory_port import Directory, Listing


class Staff:
    """The people of a directory, kept in memory to be looked up."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._listings: tuple[Listing, ...] = ()
        self._names: Mapping[Extension, str] = {}
        self._index = Index(())
        self._revision: int | None = None
        self._called: int | None = None
        self._asking = asyncio.Lock()

    async def find(self, text: str) -> tuple[Person, ...]:
        """Return whom a text fits, the best first; everybody where there is none."""
        await self._renew()
        return self._index.find(text)

    async def listed(self) -> tuple[Listing, ...]:
        """Return everybody, by number."""
        await self._renew()
        return self._listings

    async def named(self) -> Mapping[Extension, str]:
        """Return what everybody is called, by number."""
        await self._renew()
        return self._names

    async def _renew(self) -> None:
        async with self._asking:
            revision = await self._directory.revision(whole=True)
            if revision != self._revision:
                await self._read()
                self._revision = revision

    async def _read(self) -> None:
        called = await self._directory.revision()
        self._listings = there = await self._directory.list()
        if called == self._called:
            return
        people = [Person(li.extension, li.name, li.unit, li.search) for li in there]
        # Thousands of people take a moment, in which others are to be answered.
        self._index = await asyncio.to_thread(Index, people)
        self._names = {each.extension: each.name for each in there}
        self._called = called
