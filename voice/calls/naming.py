"""Keeps the names that can be said in step with the directory, while calls go on."""

import asyncio
import gc
import logging
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from voice.calls.caller import Understanding
from voice.dialogue.people import Person
from voice.errors import VoiceError
from voice.hearing import Hearing, compiling, name_sounds, open_places, sayable
from voice.language.catalog import Catalog
from voice.language.names import named_places, names, with_names, with_people
from voice.sound.models import Model
from voice.store.port import Directory

log = logging.getLogger(__name__)

T = TypeVar("T")

# Compiling may take long, and calls come first.
_NICENESS = 10
_LONGER_THAN_COMPILING = 3600.0


class Naming:
    """What calls are understood with, names and all; one for all calls.

    A call takes `current` when it begins, and keeps it whatever then changes.
    """

    def __init__(
        self,
        directory: Directory,
        plain: Understanding,
        model: Model | None,
        cache: Path,
    ) -> None:
        """Begin with nobody's name; without a model, numbers alone can be asked for."""
        self._directory, self._plain = directory, plain
        # Apart from what else is kept, of which nothing names anybody.
        self._model, self._cache = model, cache / "names"
        self._revision: int | None = None
        self._failing = False
        self.current = plain

    async def keep_current(self, every: float = 5.0) -> None:
        """Look for changes of the directory for ever, some seconds apart."""
        while True:
            await self.try_refresh()
            await asyncio.sleep(every)

    async def try_refresh(self) -> None:
        """Take up what the directory says now, if it can be done; tell once why not."""
        try:
            await self.refresh()
            self._failing = False
        except (VoiceError, OSError, BrokenProcessPool) as error:
            # Its text can name people.
            told = type(error).__name__
            if not self._failing:
                log.error(
                    "names stay as they were: %s; see that the store can be "
                    "reached and the cache be written",
                    told,
                )
            self._failing = True

    async def refresh(self) -> None:
        """Take up what the directory says now, unless that has been done."""
        revision = await self._directory.revision()
        if revision == self._revision:
            return
        listings = await self._directory.list()
        persons = [Person(li.extension, li.name, li.unit, li.search) for li in listings]
        plain, model = self._plain, self._model
        if plain.hearing is None or model is None:
            catalog = await asyncio.to_thread(with_people, plain.catalog, persons)
            self.current = replace(plain, catalog=catalog)
        else:
            catalog = await asyncio.to_thread(_named, plain.catalog, persons, model)
            hearing = await self._heard(catalog, plain.hearing, model)
            self.current = replace(plain, catalog=catalog, hearing=hearing)
        self._revision = revision
        log.info("%d names can be asked for", len(catalog.names))
        # To look through all this for what can be thrown away takes longer than a
        # frame lasts, and hardly any of it can.
        gc.freeze()

    async def _heard(self, catalog: Catalog, plain: Hearing, model: Model) -> Hearing:
        """Return the ears with new ones in all the places where names can be said."""
        said = await asyncio.to_thread(sayable, named_places(catalog), model)
        graphs = await _in_process(compiling(said, model, self._cache))
        places = await asyncio.to_thread(open_places, said, model, graphs)
        # The ears that were made of others have read them.
        await asyncio.to_thread(_keep_alone, graphs[0].parent)
        return replace(plain, places={**plain.places, **places})


def _named(catalog: Catalog, persons: list[Person], model: Model) -> Catalog:
    known = names(persons, catalog.speller)
    sounds = name_sounds(known, catalog, model)
    if sounds.silent:
        log.warning(
            "%d words of names cannot be pronounced, and nobody is found by them: give "
            "those people search words",
            len(sounds.silent),
        )
    return with_names(catalog, known, sounds)


def _keep_alone(graphs: Path) -> None:
    """Erase what was made of other names, also by a program that ran before."""
    oldest = time.time() - _LONGER_THAN_COMPILING
    for folder in graphs.parent.iterdir():
        with suppress(OSError):
            # Another program may be making these now.
            is_new = folder.name.startswith(".") and folder.stat().st_mtime > oldest
            if folder != graphs and not is_new:
                shutil.rmtree(folder)


async def _in_process(work: Callable[[], T]) -> T:
    """Do what would hold up the frames of calls, if a thread did it."""
    spawning = get_context("spawn")
    pool = ProcessPoolExecutor(1, spawning, os.nice, (_NICENESS,))
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
