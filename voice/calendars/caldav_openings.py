"""What we write on a person's own bookings on a CalDAV server."""

from collections.abc import Callable
from typing import TypeAlias

from voice.calendars.caldav_asking import Resource, asks_within, resources
from voice.calendars.caldav_wire import Wire
from voice.calendars.ics_edited import opened_text, uncoded_text
from voice.calendars.ics_entries import read_ics
from voice.calendars.ics_fields import Reader
from voice.calendars.port import (
    AccessDeniedError,
    BrokenAnswerError,
    BusyError,
    Opening,
    Window,
)
from voice.divert.model import Entry

_Edit: TypeAlias = Callable[[str, Entry], str | None]
_TRIES = 3


class Openings:
    """A person's bookings whose phone was opened; its methods block."""

    def __init__(self, wire: Wire, reader: Reader) -> None:
        self._wire, self._reader = wire, reader

    def set(self, opening: Opening, opened: bool) -> None:
        """Write on a booking that its phone was opened, or strike that out."""

        def edit(text: str, entry: Entry) -> str:
            return opened_text(text, opening, opened, self._reader)

        self._edited(opening, edit)

    def take_code(self, opening: Opening) -> bool:
        """Cut the code from a booking's subject; False where that cannot be."""

        def edit(text: str, entry: Entry) -> str | None:
            was = (opening.mark, opening.start, opening.end)
            if (entry.mark, entry.start, entry.end) != was:
                return text
            return uncoded_text(text, opening, self._reader)

        try:
            return self._edited(opening, edit)
        except AccessDeniedError:
            # RFC 6638 §3.2.2.1 lets a server refuse what is not a guest's to change.
            return False

    def _edited(self, opening: Opening, edit: _Edit) -> bool:
        for _ in range(_TRIES):
            found = self._found(opening)
            if found is None:
                return True
            there, entry = found
            text = edit(there.text or "", entry)
            if text is None or text == there.text:
                return text is not None
            if self._wire.put(there.path, text, {"If-Match": there.tag or "*"}):
                return True
        raise BusyError("The calendar changes all the while: it is tried again.")

    def _found(self, opening: Opening) -> tuple[Resource, Entry] | None:
        """Look for a booking where it was."""
        question = asks_within(opening.start, opening.end, texts=True)
        for each in resources(self._wire.ask("REPORT", question, depth=1)):
            entry = self._entry(each, opening)
            if entry is not None:
                return each, entry
        return None

    def _entry(self, there: Resource, opening: Opening) -> Entry | None:
        window = Window(opening.start, opening.end)
        try:
            found = read_ics([there.text or ""], window, self._reader).entries
        except BrokenAnswerError:
            # One that nobody can read hides no other.
            return None
        return next((entry for entry in found if entry.key == opening.key), None)
