"""What waits for somebody's next page: a form to be filled in again, a message."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from voice.web.forms import Form

# Nobody comes back for it later; nor is room kept for everybody who might.
KEPT_FOR = timedelta(minutes=15)
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Message:
    """What a page says of what was just done: a key of words, and what fills it."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Drawer:
    """What waits for one session, or for one who is to log in."""

    at: datetime
    form: Form | None = None
    message: Message | None = None
    login: str | None = None
    """Whose form it is; it is given to nobody else."""

    def fits(self, page: str | None) -> bool:
        """Tell whether it can be shown on a page."""
        return self.form is None or page in (None, self.form.page)


class Drawers:
    """The drawers of everybody, in the memory of this one process.

    Those of who is not logged in are apart: however many come, they take nothing from
    the others.
    """

    def __init__(self) -> None:
        self._visitors: OrderedDict[str, Drawer] = OrderedDict()
        self._strangers: OrderedDict[str, Drawer] = OrderedDict()

    def put(self, key: str, drawer: Drawer, of_stranger: bool = False) -> None:
        """Put something in a drawer, instead of what was there."""
        kept = self._strangers if of_stranger else self._visitors
        kept.pop(key, None)
        kept[key] = drawer
        while len(kept) > _MOST:
            kept.popitem(last=False)

    def take(
        self, key: str, page: str | None, now: datetime, of_stranger: bool = False
    ) -> Drawer | None:
        """Take out what waits for a page, unless it has waited for too long.

        A form waits for the page that it stands on; None is whichever that is.
        """
        kept = self._strangers if of_stranger else self._visitors
        drawer = kept.get(key)
        if drawer is None or not drawer.fits(page):
            return None
        del kept[key]
        return drawer if now - drawer.at < KEPT_FOR else None
