"""A sync as it runs, and a calendar that answers when it is let."""

import asyncio
from contextlib import asynccontextmanager

from calendar_house import ANNA, meeting

from voice.calendars.memory import MemoryCalendar
from voice.calendars.settings import CalendarSettings
from voice.coupling.syncing import Sync

QUICK = CalendarSettings(
    google_seconds=0.01, caldav_seconds=0.01, at_once=4, per_minute=600_000
)
# Far more than any of these waits takes; only a fault makes them last.
LONG = 60


class WaitingCalendar(MemoryCalendar):
    """A calendar whose answers, and whose receipts for what is written, can wait."""

    def __init__(self):
        super().__init__()
        self.asked, self.answers = asyncio.Event(), asyncio.Event()
        self.written, self.receipts = asyncio.Event(), asyncio.Event()

    async def read(self, window, since):
        """Answer when it is let, with what was there when it was asked."""
        reading = await super().read(window, since)
        self.asked.set()
        await self.answers.wait()
        return reading

    async def put(self, block):
        """Write at once, and say so when it is let."""
        await super().put(block)
        self.written.set()
        await self.receipts.wait()


@asynccontextmanager
async def going(sync):
    task = asyncio.ensure_future(sync.run())
    try:
        async with asyncio.timeout(LONG):
            yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def running(house):
    return going(Sync(house.coupled, seconds=0.01))


async def in_mid_reading(house):
    """Couple Anna to a calendar that says she is in a meeting, in its own time."""
    calendar = WaitingCalendar()
    house.calendars[ANNA] = calendar
    (await house.couple()).keep(meeting())
    return calendar
