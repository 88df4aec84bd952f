"""A real Radicale on loopback, in a process of its own, and its users' hands.

Alone: `python radicale_server.py FOLDER` serves the folder, and prints the port.
"""

import socket
import subprocess
import sys
import uuid
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path

import httpx

USER, PASSWORD = ANNA = "anna", "hemligt-lösen"
BO = "bo", "annat-lösen"
_DAY = timedelta(days=1)
_MADE = """<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"/>"""


@contextmanager
def radicale(folder):
    """Give the process of a server and its address, for as long as it is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    users = "".join(f"{user}:{password}\n" for user, password in (ANNA, BO))
    (folder / "users").write_text(users, "utf-8")
    command = [sys.executable, __file__, str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def make_calendar(place, owner=ANNA):
    """Make a calendar, and return its address."""
    address = f"{place}/{owner[0]}/{uuid.uuid4()}/"
    _sent(owner, "MKCALENDAR", address, _MADE)
    return address


def vevent(*lines):
    """Return a calendar's text with one event, of lines as they stand in it."""
    return vcalendar("BEGIN:VEVENT", *lines, "END:VEVENT")


def vcalendar(*lines):
    """Return the text of a calendar."""
    head = "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//SV"
    return "".join(f"{line}\r\n" for line in (*head, *lines, "END:VCALENDAR"))


class RadicaleHand:
    """The owner of a calendar, whose program is another one than ours."""

    def __init__(self, address, owner=ANNA):
        self._address, self._owner = address, owner
        self._made, self._days = {}, {}

    async def book(self, booking):
        name = f"booking-{len(self._made)}"
        await self.rebook(name, booking)
        return name

    async def rebook(self, name, booking):
        self._made[name], self._days[name] = booking, {}
        self._write(name)

    async def remove(self, name):
        self.delete(f"{name}.ics")

    async def move_day(self, name, nth, start):
        self._days[name][nth] = start
        self._write(name)

    async def remove_day(self, name, nth):
        self._days[name][nth] = None
        self._write(name)

    def put(self, file, text):
        """Write a file of the calendar."""
        _sent(self._owner, "PUT", self._address + file, text)

    def delete(self, file):
        """Remove a file of the calendar."""
        _sent(self._owner, "DELETE", self._address + file)

    def read(self, file):
        """Return a file of the calendar."""
        return _sent(self._owner, "GET", self._address + file).text

    def files(self):
        """Return the names of all files of the calendar."""
        answer = _sent(self._owner, "PROPFIND", self._address, depth="1").text
        hrefs = [part.partition("<")[0] for part in answer.split("<href>")[1:]]
        return {Path(href).name for href in hrefs if href.endswith(".ics")}

    def _write(self, name):
        made = self._made[name]
        lines = [*self._event(name, 0), *_repeats(made)]
        moved = []
        for nth, start in self._days[name].items():
            day = f"{_stamp(made.start + nth * _DAY)}"
            if start is None:
                lines.append(f"EXDATE:{day}")
            else:
                event = self._event(name, 0, start), f"RECURRENCE-ID:{day}"
                moved += ["BEGIN:VEVENT", *event[0], event[1], "END:VEVENT"]
        text = vcalendar("BEGIN:VEVENT", *lines, "END:VEVENT", *moved)
        self.put(f"{name}.ics", text)

    def _event(self, name, nth, start=None):
        made = self._made[name]
        start = start or made.start + nth * _DAY
        end = start + (made.end - made.start)
        yield f"UID:{name}"
        yield f"DTSTAMP:{_stamp(made.start)}"
        if made.all_day:
            yield f"DTSTART;VALUE=DATE:{start:%Y%m%d}"
            yield f"DTEND;VALUE=DATE:{end:%Y%m%d}"
        else:
            yield f"DTSTART:{_stamp(start)}"
            yield f"DTEND:{_stamp(end)}"
        yield f"SUMMARY:{made.subject}".replace(";", "\\;").replace(",", "\\,")
        yield f"CLASS:{'PRIVATE' if made.private else 'PUBLIC'}"
        yield f"TRANSP:{'TRANSPARENT' if made.free else 'OPAQUE'}"


def _repeats(made):
    return [f"RRULE:FREQ=DAILY;COUNT={made.days}"] if made.days > 1 else []


def _stamp(instant):
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _sent(owner, method, address, text="", depth="0"):
    answer = httpx.request(
        method,
        address,
        content=text.encode(),
        headers={"Content-Type": "text/calendar", "Depth": depth},
        auth=owner,
        timeout=20,
    )
    return answer.raise_for_status()


def _serve(folder):
    from radicale import Application, config
    from radicale.server import ParallelHTTPServer, RequestHandler

    settings = config.load()
    settings.update(
        {
            "auth": {
                "type": "htpasswd",
                "htpasswd_filename": f"{folder}/users",
                "htpasswd_encryption": "plain",
                "delay": "0",
            },
            "storage": {
                "filesystem_folder": f"{folder}/collections",
                # No test takes the power away, so nothing need reach the disk.
                "_filesystem_fsync": "False",
            },
        },
        privileged=True,
    )
    place = ("127.0.0.1", 0)
    server = ParallelHTTPServer(settings, socket.AF_INET, place, RequestHandler)
    server.set_app(Application(settings))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _serve(sys.argv[1])
