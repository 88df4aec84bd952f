"""Files of iCalendar keep the promises of whatever can be read."""

from datetime import UTC, datetime

import pytest
from calendar_samples import DAY, NOW, REASONS, SAM
from contract import ReadingPromises
from ics_texts import FileHand, calendar, event

from voice.calendars.ground import Ground
from voice.calendars.ics import IcsCalendar
from voice.calendars.ics_fields import Reader
from voice.calendars.port import (
    AccessDeniedError,
    CursorExpiredError,
    ReadOnlyError,
    Window,
)
from voice.divert.model import Mark, Mode

MARCH = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
READER = Reader(REASONS, owner="anna@example.se")


class TestIcsFile(ReadingPromises):
    """Runs the promises on a file that its owner writes."""

    @pytest.fixture
    def ground(self, tmp_path):
        file = tmp_path / "anna.ics"
        hand = FileHand(file)
        return Ground(IcsCalendar(str(file), READER), SAM, NOW, hand)


async def test_what_has_not_changed_is_not_read_again(tmp_path):
    file = tmp_path / "a.ics"
    file.write_text(calendar(event()), "utf-8")
    feed = IcsCalendar(file.as_uri(), READER)
    first = await feed.read(MARCH, None)
    second = await feed.read(MARCH, first.cursor)
    assert (second.entries, second.gone, second.whole) == ((), (), False)
    file.write_text(calendar(event(), event(uid="b")), "utf-8")
    third = await feed.read(MARCH, second.cursor)
    assert third.whole
    assert len(third.entries) == 2


async def test_another_window_is_read_though_nothing_has_changed(tmp_path):
    file = tmp_path / "a.ics"
    file.write_text(calendar(event("20260405T090000Z", "20260405T100000Z")), "utf-8")
    feed = IcsCalendar(str(file), READER)
    first = await feed.read(MARCH, None)
    later = Window(MARCH.start + 7 * DAY, MARCH.end + 7 * DAY)
    second = await feed.read(later, first.cursor)
    assert (len(first.entries), len(second.entries), second.whole) == (0, 1, True)


async def test_codes_are_read_from_older_alphabets(tmp_path):
    file = tmp_path / "a.ics"
    text = calendar(event("20260305T090000Z", "20260305T100000Z", "SUMMARY:TJÄ: x"))
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        file.write_bytes(text.encode(encoding))
        reading = await IcsCalendar(str(file), READER).read(MARCH, None)
        assert reading.entries[0].mark == Mark("TJÄ", Mode.CLOSED), encoding


async def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(AccessDeniedError, match="No such file"):
        await IcsCalendar(str(tmp_path / "none.ics"), READER).read(MARCH, None)


async def test_a_cursor_of_something_else_has_expired(tmp_path):
    file = tmp_path / "a.ics"
    file.write_text(calendar(event()), "utf-8")
    with pytest.raises(CursorExpiredError):
        await IcsCalendar(str(file), READER).read(MARCH, "nonsense")


async def test_a_file_is_only_read(tmp_path):
    feed = IcsCalendar(str(tmp_path / "a.ics"), READER)
    ground = Ground(feed, SAM, NOW)
    for write in (feed.put(ground.block()), feed.drop("a")):
        with pytest.raises(ReadOnlyError, match="only be read"):
            await write
    await feed.close()
