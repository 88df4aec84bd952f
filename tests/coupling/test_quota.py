"""What is asked of Google in all, read and written, is counted and within its quota."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from calendar_house import SITE, CalendarHouse

from tests.fakes import google
from voice.calendars.settings import (
    CalendarAccess,
    CalendarSettings,
    GoogleSettings,
)
from voice.coupling.opening import open_coupled
from voice.coupling.syncing import Sync
from voice.divert.model import Extension
from voice.obey import Door
from voice.store.links_port import LinkKind

NOW = datetime.now(UTC).replace(microsecond=0)
PEOPLE = [Extension(str(number)) for number in range(5000, 5015)]
A_SECOND = 30.0


@pytest.fixture
def there():
    with google.stand_in() as there:
        for each in PEOPLE:
            there.person(f"{each}@example.org")
        yield there


async def test_readings_and_writings_together_keep_the_pace(there, tmp_path):
    key = tmp_path / "key.json"
    key.write_text(json.dumps(there.key))
    access = CalendarAccess(google=GoogleSettings(key, there.endpoint))
    house = CalendarHouse(
        settings=CalendarSettings(per_minute=int(60 * A_SECOND)), now=NOW
    )
    for each in PEOPLE:
        await house.couple(each)
        await house.set(until=NOW + timedelta(hours=1), extension=each)

    door = Door(house.store, SITE)
    ways = open_coupled(door, access, house.settings, lambda: NOW, house.measures)
    async with ways as coupled:
        began = asyncio.get_running_loop().time()
        await Sync(coupled).once()
        seconds = asyncio.get_running_loop().time() - began
    count = house.measures.registry.get_sample_value(
        "telefonist_calendar_requests_total", {"kind": LinkKind.GOOGLE.value}
    )
    # Each calendar is read, and our booking is written into it.
    assert count == there.quota.most_in_all == 2 * len(PEOPLE)
    assert seconds >= (count - 1) / A_SECOND
