"""Graph's delta over a fixed window: pages, links that expire, and what is not told."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tests.fakes.graph_answers import GraphRefusalError, only
from tests.fakes.graph_items import BARE, Json
from tests.fakes.graph_mailboxes import Mailbox


@dataclass
class _Round:
    """A round of pages that goes on, or the place where one ended."""

    owner: str
    start: datetime
    end: datetime
    fields: tuple[str, ...]
    left: list[list[Json]] = field(default_factory=list)
    """Rows to come; those of a series are never on two pages."""
    seen: dict[str, str] = field(default_factory=dict)
    """What the other side knows to be in the window, and of which series."""
    upto: int = 0
    """The last change that the other side knows of."""


class Deltas:
    """Every link there is."""

    def __init__(self) -> None:
        self.heeds_select = False
        """Not documented, and done by the real one since some years."""
        self.tells_removed_days = False
        """The real one does not: microsoftgraph/microsoft-graph-docs#4501."""
        self._rounds: dict[str, _Round] = {}

    def expire(self) -> None:
        """Let every link be too old."""
        self._rounds.clear()

    def begin(
        self, box: Mailbox, window: tuple[datetime, datetime], select: str
    ) -> str:
        """Begin with everything in a window, and return the token of the first page."""
        fields = tuple(select.split(",")) if select and self.heeds_select else ()
        return self._kept(self._next(box, _Round(box.owner, *window, fields)))

    def page(self, box: Mailbox, token: str, size: int) -> tuple[list[Json], str, bool]:
        """Return a page, the token to go on with, and whether the round has ended."""
        here = self._rounds.get(token)
        if here is None or here.owner != box.owner:
            raise GraphRefusalError(
                410,
                "SyncStateNotFound",
                "The sync state generation is not found; generation=149;[highest=157].",
            )
        if not here.left and token.startswith("delta-"):
            here = self._next(box, here)
        rows: list[Json] = []
        left = list(here.left)
        while left and (not rows or len(rows) + len(left[0]) <= size):
            rows += left.pop(0)
        after = _Round(here.owner, here.start, here.end, here.fields, left, here.seen)
        after.upto = here.upto
        shown = [only(row, here.fields) if here.fields else row for row in rows]
        return shown, self._kept(after, not left), not left

    def _kept(self, here: _Round, ended: bool = False) -> str:
        token = f"{'delta' if ended else 'skip'}-{secrets.token_urlsafe(16)}"
        self._rounds[token] = here
        return token

    def _next(self, box: Mailbox, before: _Round) -> _Round:
        """Compare what is there with what the other side knows."""
        now = _Round(before.owner, before.start, before.end, before.fields)
        for item in box.items.values():
            rows = list(item.rows(before.start, before.end))
            now.seen |= {row["id"]: item.id for row in rows}
            if item.change <= before.upto:
                continue
            if rows:
                series = [item.row()] if item.recurrence else []
                now.left.append([*series, *map(_bare, rows)])
            elif before.upto:
                # "Events that are outside the date range and that have been added,
                # deleted, or updated since the previous delta call" come as removed.
                now.left.append([_removed(item.id)])
        gone = {id_ for id_, at in box.gone.items() if at > before.upto > 0}
        changes = (item.change for item in box.items.values())
        now.upto = max([before.upto, *changes, *box.gone.values(), 1])
        now.left += [[_removed(id_)] for id_ in sorted(gone)]
        if self.tells_removed_days:
            days = [id_ for id_, of in before.seen.items() if of in box.items]
            now.left += [[_removed(id_)] for id_ in days if id_ not in now.seen]
        return now


def _bare(row: Json) -> Json:
    if row["type"] != "occurrence":
        return row
    return only(row, BARE)


def _removed(id_: str) -> Json:
    return {"id": id_, "@removed": {"reason": "deleted"}}


def paged(rows: Iterable[Json], skip: int, size: int) -> tuple[list[Json], bool]:
    """Return one page of an ordinary list, and whether there is more."""
    listed = list(rows)
    return listed[skip : skip + size], skip + size < len(listed)
