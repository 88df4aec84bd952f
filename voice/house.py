"""Opens every edge once: grammar, model, ears, mouth and store."""

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

import holidays

from voice.calls.caller import Understanding
from voice.calls.errands import Desk
from voice.config import Settings
from voice.decoders import decoders
from voice.divert.explained import Counted
from voice.divert.model import Extension, Site
from voice.errors import VoiceError
from voice.hearing import Hearing, open_hearing
from voice.language.catalog import Catalog
from voice.language.files import FILES, load
from voice.lockout import Verdict
from voice.obey import Door
from voice.pins import Pins
from voice.sound.models import Model, open_model
from voice.sound.mouth import Mouth
from voice.sound.recorded import Recorded
from voice.store.port import Store

log = logging.getLogger(__name__)

# Red days are worked out for this many years ahead: further than any return is set.
_YEARS_AHEAD = 10


class EarsMissingError(VoiceError):
    """Something was to be heard, and the house has no ears."""


class GrammarMissingError(VoiceError):
    """The folder of grammar files cannot be read."""


def read_catalog(folder: Path) -> Catalog:
    """Read the grammar files of a folder; every fault in them is told at once."""
    return load(read_texts(folder, FILES))


def read_texts(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the files of a folder that are there, each as text by its name."""
    texts: dict[str, str] = {}
    for name in names:
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            continue  # told with the other faults
        except (OSError, UnicodeDecodeError) as error:
            raise GrammarMissingError(
                f"{folder / name} cannot be read ({error}): make it a text in UTF-8."
            ) from error
    return texts


@cache
def red_days(year: int) -> frozenset[date]:
    """Return the Swedish public holidays, and the eves that are kept like them."""
    years = range(year - 1, year + _YEARS_AHEAD)
    kept = holidays.country_holidays(
        "SE", years=years, categories=("public", "de_facto"), include_sundays=False
    )
    return frozenset(kept)


def site(catalog: Catalog, now: datetime) -> Site:
    """Return the rules that the grammar files set, with the red days round `now`."""
    return Site(catalog.reasons, red_days(now.year))


@dataclass(frozen=True, slots=True)
class House:
    """Everything that calls are taken with."""

    model: Model | None
    desk: Desk
    understanding: Understanding
    mouth: Mouth

    @property
    def hearing(self) -> Hearing:
        """The ears; EarsMissingError in a house that takes keys alone."""
        if self.understanding.hearing is None:
            raise EarsMissingError(
                "There are no ears here: `telefonist check` says why."
            )
        return self.understanding.hearing


def desk(catalog: Catalog, store: Store, now: datetime) -> Desk:
    """Return what an attendant needs, without any sound."""
    rules, pins = site(catalog, now), Pins(store)

    async def verify(extension: Extension, pin: str, when: datetime) -> bool:
        return await pins.verify(extension, pin, when) is Verdict.RIGHT

    return Desk(catalog, Door(store, rules), rules.red_days, verify=verify)


@asynccontextmanager
async def open_house(
    settings: Settings,
    catalog: Catalog,
    store: Store,
    now: datetime,
    keys_alone: bool = False,
) -> AsyncIterator[House]:
    """Give the house with ears and mouth, and close the mouth at the end.

    Without a model that can be used it is opened only if `keys_alone` will do.
    """
    model, hearing = None, None
    try:
        model = open_model(settings.models)
        hearing = open_hearing(catalog, model, settings.cache, settings.waiting)
    except VoiceError as error:
        if not keys_alone:
            raise
        log.error("calls go on by keys alone: %s", error)
    counted = Counted(settings.calendars.free, settings.calendars.tentative)
    table = replace(desk(catalog, store, now), counted=counted)
    recorded = None
    if settings.recorded is not None:
        recorded = Recorded(settings.recorded, dict(catalog.prompts))
    mouth = Mouth(cache=settings.cache / "prompts", recorded=recorded)
    async with mouth:
        with decoders() as threads:
            understanding = Understanding(
                catalog, table.door.site, hearing, mouth, settings.waiting, threads
            )
            yield House(model, table, understanding, mouth)
