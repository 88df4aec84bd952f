"""Lists that were sent to be looked at, until they are carried out or left."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from voice.store.sessions_port import SessionId

# A list is looked through before it is carried out; nobody comes back for it later.
_KEPT_FOR = timedelta(minutes=30)
# Each can be of several megabytes.
_MOST = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """A list, and whether those whom it lacks are to be removed."""

    at: datetime
    content: bytes = field(repr=False)
    removes: bool


class Uploads:
    """The lists of those who have sent any, in the memory of this one process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[SessionId, Upload] = OrderedDict()

    def put(self, session: SessionId, upload: Upload) -> None:
        """Keep a list, instead of the one before."""
        self.drop(session)
        self._kept[session] = upload
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def find(self, session: SessionId, now: datetime) -> Upload | None:
        """Return the list of a session, unless it has been left for too long."""
        for each, upload in list(self._kept.items()):
            if now - upload.at >= _KEPT_FOR:
                self.drop(each)
        return self._kept.get(session)

    def drop(self, session: SessionId) -> None:
        """Keep it no more; nothing where there is none."""
        self._kept.pop(session, None)
