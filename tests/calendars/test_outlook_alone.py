"""Graph's stand-in runs alone, as the application and its people know Microsoft's."""

import http.client
import json
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from calendar_samples import REASONS
from outlook_samples import ANNA

from voice.calendars.graph import open_graph
from voice.calendars.outlook import OutlookCalendar
from voice.calendars.outlook_tokens import EntraTokens
from voice.calendars.port import BusyError, Window
from voice.calendars.settings import OutlookSettings

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(MONDAY, MONDAY + 24 * HOUR)


@pytest.fixture
def alone(tmp_path):
    access, authority = tmp_path / "access.json", tmp_path / "authority.pem"
    files = ["--access", str(access), "--authority", str(authority)]
    command = [sys.executable, "-m", "tests.fakes.graph", "--port", "0", *files]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        base = running.stdout.readline().partition(",")[0]
        trust = ssl.create_default_context(cafile=str(authority))
        yield base, json.loads(access.read_text("utf-8")), trust
        running.terminate()


def tell(alone, what, **body):
    base, _, trust = alone
    connection = http.client.HTTPSConnection(
        urlsplit(base).netloc, timeout=10, context=trust
    )
    connection.request("POST", f"/stand-in/{what}", json.dumps(body))
    told = connection.getresponse()
    assert told.status == 200
    answer = json.load(told)
    connection.close()
    return answer


async def test_its_people_do_what_they_are_told_to(alone):
    base, access, trust = alone
    times = {"start": MONDAY.isoformat(), "end": (MONDAY + HOUR).isoformat()}
    booked = {"subject": "SAM: budget"} | times
    tell(alone, "people", email=ANNA, bookings=[booked])
    id_ = tell(alone, "bookings", email=ANNA, **booked)["id"]
    sign_in = base.removesuffix("/v1.0")
    settings = OutlookSettings(**access, sign_in=sign_in, graph=base)
    tokens = EntraTokens(settings, trust)
    try:
        async with open_graph(tokens, base, trust) as graph:
            calendar = OutlookCalendar(graph, ANNA, REASONS)
            first = await calendar.read(WINDOW, None)
            assert len(first.entries) == 2
            later = MONDAY + 2 * HOUR
            tell(alone, "edits", email=ANNA, id=id_, end=later.isoformat())
            moved = await calendar.read(WINDOW, first.cursor)
            assert [each.end for each in moved.entries] == [later]
            tell(alone, "removals", email=ANNA, id=id_)
            assert len((await calendar.read(WINDOW, moved.cursor)).gone) == 1
            tell(alone, "quota", per_person=1)
            with pytest.raises(BusyError) as raised:
                await calendar.read(WINDOW, None)
    finally:
        await tokens.close()
    assert raised.value.retry_after == 10
    assert tell(alone, "counts")["refused"] == 1
