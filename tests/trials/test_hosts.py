"""What people do at a host is what the site sees that was set up for it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voice.calendars.port import Window
from voice.config import settings
from voice.coupling.opening import open_calendars
from voice.divert.model import Extension
from voice.house import read_catalog
from voice.store.links_port import Link
from voice.trials.changes import in_turn
from voice.trials.host_programs import open_google, open_outlook, open_radicale
from voice.trials.hosts import Booking, HostError, StandIn

GRAMMAR = Path(__file__).parents[2] / "grammar"
START = datetime(2026, 3, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MADE = Booking("SAM: budget", START, START + HOUR)
LONGER = Booking("SAM: budget", START, START + 2 * HOUR)
OPENERS = [open_google, open_outlook, open_radicale]


def chosen(hosted, folder):
    """Return the settings of a site that is let in where the people are."""
    file = folder / "telefonist.toml"
    lines = [
        f"[{name}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in table.items())
        for name, table in hosted.sections.items()
    ]
    file.write_text("".join(lines), "utf-8")
    ours = {k: v for k, v in hosted.environment.items() if k.startswith("TELEFONIST_")}
    return settings(ours, file)


@pytest.mark.parametrize("opener", OPENERS)
async def test_a_site_sees_what_people_do(opener, tmp_path, monkeypatch):
    async with opener(tmp_path) as hosted:
        for name, value in hosted.environment.items():
            monkeypatch.setenv(name, value)
        access = chosen(hosted, tmp_path).access
        host = hosted.host
        async with open_calendars(access, read_catalog(GRAMMAR).reasons) as calendars:
            address = await host.add("1234", [MADE])
            link = Link(Extension("1234"), host.kind, address)

            async def ends():
                window = Window(START - HOUR, START + 24 * HOUR)
                async with calendars.open(link) as calendar:
                    entries = (await calendar.read(window, None)).entries
                return sorted(
                    e.end for e in entries if e.mark and e.mark.reason == "SAM"
                )

            assert await ends() == [MADE.end]
            name = await host.book(address, MADE)
            await host.move(address, name, LONGER)
            assert await ends() == [MADE.end, LONGER.end]
            await host.remove(address, name)
            assert await ends() == [MADE.end]


async def test_what_is_asked_is_counted_and_bounded(tmp_path):
    async with open_google(tmp_path) as hosted:
        assert isinstance(hosted.host, StandIn)
        await hosted.host.bound(per_person=1, in_all=1)
        assert (await hosted.host.counts()).most_in_all == 0


async def test_what_nobody_has_cannot_be_moved(tmp_path):
    async with open_google(tmp_path) as hosted:
        address = await hosted.host.add("1234", [])
        with pytest.raises(HostError, match="fails"):
            await hosted.host.move(address, "nothing", MADE)


class Counting:
    """One who does something, and writes down whose turn it was."""

    def __init__(self, nth, turns):
        self.nth, self.turns = nth, turns

    async def change(self):
        self.turns.append(self.nth)
        return float(self.nth)


@pytest.mark.parametrize(
    ("people", "several", "expected"),
    [
        (3, 9, [0, 1, 2] * 3),
        (20, 60, [*list(range(10)) * 3, *list(range(10, 20)) * 3]),
        (2, 8, [0, 1] * 4),
    ],
)
async def test_a_few_do_all_they_do_and_then_the_next_few(people, several, expected):
    turns: list[int] = []
    hands = [Counting(nth, turns) for nth in range(people)]
    took = await in_turn(hands, several, 0.0)
    assert turns == expected
    assert took == [float(nth) for nth in expected]
