"""The promises of any calendar, kept by every connector and by their twin."""

import pytest

from voice.calendars.conformance import OWNED, READING, TOUCHED, WRITING


def named(promise):
    return promise.__name__


class ReadingPromises:
    """A subclass gives `ground`, a calendar to try them on with its owner's hand."""

    @pytest.mark.parametrize("promise", READING, ids=named)
    async def test_what_is_read(self, ground, promise):
        await promise(ground)

    @pytest.mark.parametrize("promise", OWNED, ids=named)
    async def test_what_its_owner_does(self, ground, promise):
        await promise(ground)


class CalendarPromises(ReadingPromises):
    """Those of a calendar that can also be written."""

    @pytest.mark.parametrize("promise", WRITING, ids=named)
    async def test_what_is_written(self, ground, promise):
        await promise(ground)

    @pytest.mark.parametrize("promise", TOUCHED, ids=named)
    async def test_what_is_written_on_its_owners_bookings(self, ground, promise):
        await promise(ground)
