"""The stand-in runs alone, for whoever wants to try against it by hand."""

import http.client
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from calendar_samples import REASONS
from google_samples import ANNA, BERIT, DAY

from voice.calendars.google import GoogleCalendar
from voice.calendars.google_wire import Workspace, read_key
from voice.calendars.port import BusyError, Window

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = Window(MONDAY, MONDAY + DAY)
ROOT = Path(__file__).parents[3]


@pytest.fixture
def alone(tmp_path):
    key = tmp_path / "key.json"
    command = [sys.executable, "-m", "tests.fakes.google", "--port", "0"]
    running = subprocess.Popen(
        [*command, "--key", str(key), ANNA], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    endpoint = running.stdout.readline().partition(",")[0]
    yield endpoint, key
    running.terminate()
    running.communicate(timeout=10)


def tell(endpoint, what, **body):
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=10)
    connection.request("POST", f"/stand-in/{what}", json.dumps(body))
    told = connection.getresponse()
    assert told.status == 200
    answer = json.load(told)
    connection.close()
    return answer


async def test_its_people_do_what_they_are_told_to(alone):
    endpoint, key = alone
    times = {"start": MONDAY.isoformat(), "end": (MONDAY + DAY / 24).isoformat()}
    booked = {"subject": "SAM: budget"} | times
    tell(endpoint, "people", email=BERIT, bookings=[booked])
    id_ = tell(endpoint, "bookings", email=BERIT, **booked)["id"]
    workspace = Workspace(read_key(key), endpoint)
    try:
        calendar = GoogleCalendar(workspace, BERIT, REASONS)
        first = await calendar.read(WINDOW, None)
        assert len(first.entries) == 2
        later = (MONDAY + DAY / 8).isoformat()
        tell(endpoint, "edits", email=BERIT, id=id_, end=later)
        moved = await calendar.read(WINDOW, first.cursor)
        assert [each.end for each in moved.entries] == [MONDAY + DAY / 8]
        tell(endpoint, "removals", email=BERIT, id=id_)
        assert len((await calendar.read(WINDOW, moved.cursor)).gone) == 1
        tell(endpoint, "quota", in_all=3)
        with pytest.raises(BusyError):
            await calendar.read(WINDOW, None)
    finally:
        await workspace.close()
    counts = {"refused": 1, "most_in_all": 3, "most_of_a_person": 3}
    assert tell(endpoint, "counts") == counts


async def test_it_stands_in_alone(alone):
    endpoint, key = alone
    tell(endpoint, "people", email=BERIT)
    workspace = Workspace(read_key(key), endpoint)
    try:
        for owner in (ANNA, BERIT):
            calendar = GoogleCalendar(workspace, owner, REASONS)
            assert (await calendar.read(WINDOW, None)).whole
        tell(endpoint, "faults", status=503, path="/events")
        with pytest.raises(BusyError):
            await calendar.read(WINDOW, None)
    finally:
        await workspace.close()
