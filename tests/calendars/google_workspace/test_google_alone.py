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
    assert connection.getresponse().status == 200
    connection.close()


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
