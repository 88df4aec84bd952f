"""`bench --calendars`: how soon phones follow, and what following many people takes."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import TypeAlias

from voice.commands.figures import Figure
from voice.commands.options import notes
from voice.config import Settings
from voice.divert.agenda import wanted
from voice.divert.model import Entry, EntryKey, Extension, Mark, Mode, ReasonCode, Site
from voice.house import read_catalog, site
from voice.store.links_port import Linked, LinkKind
from voice.trials.changes import Hand, in_turn
from voice.trials.coupled import BOOKINGS, CoupledSite, open_coupled
from voice.trials.host_programs import (
    Hosted,
    open_google,
    open_outlook,
    open_radicale,
)
from voice.trials.hosts import StandIn
from voice.trials.trial import Trial, free_port, run_service

_Opener: TypeAlias = Callable[[Path], AbstractAsyncContextManager[Hosted]]

_FEW = 10
_SHOWN = 5
_DOINGS = 3
# Read so often, where nobody calls.
_INTERVAL = 5.0
_WARM = 20
_READ_EVERY = 60.0
_EVER = datetime.min.replace(tzinfo=UTC)
_MANY = 100_000
_NAMES = {
    LinkKind.GOOGLE: "Google",
    LinkKind.OUTLOOK: "Outlook",
    LinkKind.CALDAV: "CalDAV",
}


@dataclass(frozen=True, slots=True)
class _Quota:
    """What a service lets one program ask in a minute."""

    per_person: int
    in_all: int


# https://developers.google.com/workspace/calendar/api/guides/quota, and
# https://learn.microsoft.com/graph/throttling-limits: 10,000 in ten minutes of one
# mailbox, 130,000 in ten seconds of all.
_QUOTAS = {
    LinkKind.GOOGLE: _Quota(600, 10_000),
    LinkKind.OUTLOOK: _Quota(1_000, 780_000),
}


async def measured(chosen: Settings, people: int, changes: int) -> list[Figure]:
    """Measure the rules, calendars that call, and calendars that are only read."""
    figures = _ruled(site(read_catalog(chosen.grammar), datetime.now(UTC)))
    for opener in (open_google, open_outlook):
        async with _hosts(opener) as hosts:
            figures += await _called(chosen, hosts, people, changes)
    async with _hosts(open_google, open_outlook, open_radicale) as hosts:
        return figures + await _polled(chosen, hosts, min(people, _FEW))


@asynccontextmanager
async def _hosts(*openers: _Opener) -> AsyncIterator[list[Hosted]]:
    async with AsyncExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        yield [await opened.enter_async_context(each(folder)) for each in openers]


def _ruled(rules: Site) -> list[Figure]:
    """Time the rules on many bookings, of one person and of as many as there are."""
    several = _MANY // BOOKINGS
    one = [Extension("2000")]
    seconds = {
        f"{_MANY} bookings of one person through the rules": _ruling(rules, one, _MANY),
        f"{_MANY} bookings of {several} people through the rules": _ruling(
            rules, [Extension(str(2000 + nth)) for nth in range(several)], BOOKINGS
        ),
    }
    return [Figure(name, round(value, 3), "s", 1.0) for name, value in seconds.items()]


def _ruling(rules: Site, people: Sequence[Extension], several: int) -> float:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    reasons = [ReasonCode(code) for code in sorted(rules.reasons)]
    entries = []
    for nth in range(several):
        mark = Mark(reasons[nth % len(reasons)], list(Mode)[nth % len(Mode)])
        start = now + 2 * nth * hour
        entries.append(Entry(EntryKey(f"{nth}"), mark, start, start + hour))
    # It waits for nothing: what others do on the machine meanwhile is no time of ours.
    began = time.process_time()
    for each in people:
        wanted(entries, each, rules)
    return time.process_time() - began


async def _called(
    chosen: Settings, hosts: Sequence[Hosted], people: int, changes: int
) -> list[Figure]:
    """Measure many whose calendars call: read at first, and then followed."""
    (host,) = (each.host for each in hosts)
    assert isinstance(host, StandIn)
    name, quota = _NAMES[host.kind], _QUOTAS[host.kind]
    notes.print(f"[dim]{name}: {people} people.[/dim]")
    port = free_port()
    calendars = {
        "push_address": f"http://127.0.0.1:{port}/calendars",
        "push_listen": f"127.0.0.1:{port}",
        # As often as where nobody calls, so that what is measured holds there too.
        "pushed_seconds": min(_READ_EVERY, changes),
        f"{host.kind.value}_seconds": min(_READ_EVERY, changes),
    }
    async with open_coupled(chosen, hosts, people, calendars) as coupled:
        await host.bound(quota.per_person, quota.in_all)
        first, complaints = await _first_reading(coupled)
        began = datetime.now(UTC)
        async with run_service(coupled.site, coupled.store, None) as trial:
            # They are read anew, not all at once, for they may have called meanwhile.
            await coupled.until(lambda linked: _is_read(linked, began))
            delays, share, memory = await _followed(coupled, trial, changes)
            complaints += trial.complaints
    counts = await host.counts()
    _show(complaints)
    late = quantiles([*delays, *delays], n=20, method="inclusive")[-1]
    to_divert = f"{name}, {people} people who call: change to divert"
    return [
        Figure(f"{name}: {people} people read at first", first, "s", 120.0),
        Figure(f"{to_divert}, median", round(median(delays), 3), "s", 1.0),
        Figure(f"{to_divert}, 95 %", round(late, 3), "s", 2.0),
        Figure(f"{name}: a change a second, share of one core", share, "", 0.2),
        Figure(f"{name}: a change a second, memory", memory, "MB", 300.0),
        Figure(f"{name}: most asked in a minute", counts.most_in_all, "", quota.in_all),
        Figure(f"{name}: refused as too much", counts.refused, "", 0),
        Figure(f"{name}: warnings and errors in the log", len(complaints), "", 0),
    ]


def _is_read(linked: Linked, since: datetime = _EVER) -> bool:
    read_at = linked.progress.read_at
    return read_at is not None and read_at > since


async def _first_reading(coupled: CoupledSite) -> tuple[float, list[str]]:
    """Return how long the first reading of all took, from the service's start."""
    began = time.monotonic()
    async with run_service(coupled.site, coupled.store, None) as trial:
        await coupled.until(_is_read)
        seconds = round(time.monotonic() - began, 1)
        await coupled.until(lambda linked: linked.progress.watching is not None)
        return seconds, trial.complaints


async def _followed(
    coupled: CoupledSite, trial: Trial, changes: int
) -> tuple[list[float], float, float]:
    """Let people change something once a second, once that is nothing new."""
    hands = [Hand(owner, coupled.store) for owner in coupled.owners]
    await in_turn(hands, min(_WARM, changes), 1.0)
    cpu, began = trial.cpu, time.monotonic()
    delays = await in_turn(hands, changes, 1.0)
    share = (trial.cpu - cpu) / (time.monotonic() - began)
    return delays, round(share, 3), round(trial.memory, 1)


async def _polled(
    chosen: Settings, hosts: Sequence[Hosted], people: int
) -> list[Figure]:
    """Measure a few of each kind whose calendars do not call."""
    notes.print("[dim]Calendars that are only read.[/dim]")
    kinds = [each.host.kind for each in hosts]
    calendars = {f"{kind.value}_seconds": _INTERVAL for kind in kinds}
    async with (
        open_coupled(chosen, hosts, people, calendars) as coupled,
        run_service(coupled.site, coupled.store, None) as trial,
    ):
        await coupled.until(_is_read)
        slowest = await asyncio.gather(*(_slowest(coupled, kind) for kind in kinds))
    _show(trial.complaints)
    figures = [
        Figure(
            f"{_NAMES[kind]}, read every {_INTERVAL:g} s: change to divert, slowest",
            round(seconds, 3),
            "s",
            _INTERVAL + 1.0,
        )
        for kind, seconds in zip(kinds, slowest, strict=True)
    ]
    complaints = len(trial.complaints)
    return [*figures, Figure("warnings and errors in the log", complaints, "", 0)]


def _show(complaints: Sequence[str]) -> None:
    """Show what the service wrote, where that says why a figure is as it is."""
    for line in complaints[:_SHOWN]:
        notes.print(line, style="yellow", markup=False, soft_wrap=True)


async def _slowest(coupled: CoupledSite, kind: LinkKind) -> float:
    owners = [each for each in coupled.owners if each.host.kind is kind]
    hands = [Hand(owner, coupled.store) for owner in owners]
    return max(await in_turn(hands, _DOINGS * len(hands), _INTERVAL / len(hands)))
