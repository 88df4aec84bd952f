"""How links to calendars are shown: their age, what failed, what is renewed when."""

from datetime import datetime, timedelta

from rich.table import Table
from rich.text import Text

from voice.commands.options import console, tell
from voice.divert.walltime import local
from voice.store.links_port import Linked, Progress

# Staler than the guide's promise, a reading is shown in red.
_STALE = timedelta(minutes=10)


def show_links(links: tuple[Linked, ...], now: datetime, as_json: bool) -> None:
    """Print how the reading of each calendar goes, and never whose it is."""
    table = Table("extension", "calendar", "read", "calls until", "what is wrong")
    for linked in links:
        if as_json:
            tell(_record(linked, now))
        progress, watching = linked.progress, linked.progress.watching
        until = "" if watching is None else f"{local(watching.until):%Y-%m-%d %H:%M}"
        kind = linked.link.kind.value if linked.coupled else "off"
        age, wrong = age_of(progress.read_at, now), Text(wrong_with(progress))
        table.add_row(linked.link.extension, kind, age, until, wrong)
    if not as_json:
        example = "`telefonist calendar link 1234 --google anna@example.se`"
        console.print(table if links else f"No calendars are linked: {example}.")


def _record(linked: Linked, now: datetime) -> dict[str, object]:
    watching = linked.progress.watching
    return {
        "extension": linked.link.extension,
        "kind": linked.link.kind.value,
        "coupled": linked.coupled,
        **reading_record(linked.progress, now),
        "next_renewal": None if watching is None else watching.until.isoformat(),
    }


def reading_record(progress: Progress, now: datetime) -> dict[str, object]:
    """Return how the reading of a calendar goes, for programs."""
    read_at, failing = progress.read_at, progress.failing_since
    return {
        "read_at": None if read_at is None else read_at.isoformat(),
        "age_seconds": None if read_at is None else (now - read_at).total_seconds(),
        "doubted": progress.doubted_at is not None,
        "failing_since": None if failing is None else failing.isoformat(),
        "fault": progress.fault or None,
        "remedy": progress.remedy or None,
    }


def age_of(read_at: datetime | None, now: datetime) -> Text:
    """Return how long ago a calendar was read, in red when that is long."""
    if read_at is None:
        return Text("never", style="red")
    # Clocks of two programs can be apart.
    age = max(now - read_at, timedelta())
    shown = f"{timedelta(seconds=round(age.total_seconds()))} ago"
    return Text(shown, style="red" if age > _STALE else "")


def wrong_with(progress: Progress) -> str:
    """Return what keeps a calendar from being read, since when, and the remedy."""
    if progress.doubted_at is not None:
        return "It suddenly has next to nothing: it is read again first."
    if progress.failing_since is None:
        return progress.remedy
    return f"Since {local(progress.failing_since):%Y-%m-%d %H:%M}: {progress.remedy}"
