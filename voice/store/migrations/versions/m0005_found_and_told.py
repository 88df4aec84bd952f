"""What calls are found by, told of and counted as; misheard turns; general changes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import date

import sqlalchemy as sa
from alembic import op

from voice.divert.walltime import local
from voice.store.port import Turn, Who
from voice.store.tables import Instant
from voice.store.understanding import How, hearing, understandings
from voice.store.words import words_of

revision = "0005"
down_revision = "0004"

instant = sa.DateTime(timezone=True)
# Calls whose turns are held at once while they are gone through.
_AT_ONCE = 1000


def upgrade() -> None:
    """Make the tables, and fill them with what calls there have been."""
    _calls_and_turns()
    _words()
    _feed()
    _misheard()
    _counts()
    _audit()
    _go_through_calls()


def _call() -> sa.Column[int]:
    owner = sa.ForeignKey("calls.seq", ondelete="CASCADE")
    return sa.Column("call", sa.Integer, owner, primary_key=True, autoincrement=False)


def _calls_and_turns() -> None:
    for name in ("turns", "doubtful", "missed", "marked"):
        none = sa.Column(name, sa.Integer, nullable=False, server_default="0")
        op.add_column("calls", none)
    op.add_column("calls", sa.Column("worst", sa.Float(53)))
    op.drop_index("calls_by_time", "calls")
    op.create_index("calls_by_time", "calls", ["began", "seq", "worst"])
    op.create_index("calls_by_place", "calls", ["place", "began", "seq"])
    op.create_index("calls_by_outcome", "calls", ["outcome", "began", "seq"])
    op.create_index("calls_by_end", "calls", ["ended", "began", "seq"])
    for name, which in (
        ("calls_misunderstood", "doubtful + missed > 0"),
        ("calls_marked", "marked > 0"),
    ):
        some = sa.text(which)
        columns = ["began", "seq"]
        op.create_index(
            name, "calls", columns, sqlite_where=some, postgresql_where=some
        )
    first = sa.Column("number", sa.Integer, nullable=False, server_default="0")
    op.add_column("turns", first)
    op.add_column("turns", sa.Column("place", sa.Text))
    earlier = "(SELECT count(*) FROM turns b WHERE b.call = turns.call"
    op.execute(f"UPDATE turns SET number = {earlier} AND b.seq < turns.seq)")
    op.drop_index("turns_by_call", "turns")
    op.create_index("turns_by_call", "turns", ["call", "number"])


def _words() -> None:
    # In the order of signs, also where the database has an alphabet of its own.
    word = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "words",
        _call(),
        sa.Column("word", word, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("words_by_word", "words", ["word", "call"])


def _feed() -> None:
    owner = sa.ForeignKey("calls.seq", ondelete="CASCADE")
    op.create_table(
        "feed",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("call", sa.Integer, owner, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("feed_by_call", "feed", ["call"])


def _misheard() -> None:
    op.create_table(
        "misheard",
        _call(),
        sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", instant, nullable=False),
    )


def _counts() -> None:
    op.create_table(
        "understanding",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("command", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("well", sa.Integer, nullable=False),
        sa.Column("doubtful", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("scored", sa.Integer, nullable=False),
        sa.Column("score", sa.Float(53), nullable=False),
    )
    op.create_table(
        "outcomes",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("outcome", sa.Text, primary_key=True),
        sa.Column("calls", sa.Integer, nullable=False),
    )


def _audit() -> None:
    for name in ("subject", "detail"):
        nothing = sa.Column(name, sa.Text, nullable=False, server_default="")
        op.add_column("audit", nothing)
    op.create_index("audit_by_hand", "audit", ["by", "seq"])
    op.create_index("audit_by_event", "audit", ["event", "seq"])
    op.create_index("audit_by_subject", "audit", ["subject", "seq"])
    op.create_index("audit_by_time", "audit", ["at", "seq"])


_CALLS = sa.table(
    "calls",
    *map(sa.column, ("seq", "ended", "outcome", "turns", "doubtful", "missed")),
    sa.column("began", Instant),
    sa.column("worst", sa.Float),
)
_TURNS = sa.table(
    "turns",
    *map(sa.column, ("call", "number", "seconds", "who", "text", "score", "meaning")),
)
_WORDS = sa.table("words", *map(sa.column, ("call", "word")))
_COUNTED = ("well", "doubtful", "missed", "scored", "score")
_HEARD = ("day", "place", "command", "reason")
_UNDERSTANDING = sa.table(
    "understanding",
    sa.column("day", sa.Date),
    *map(sa.column, (*_HEARD[1:], *_COUNTED)),
)
_OUTCOMES = sa.table(
    "outcomes", sa.column("day", sa.Date), *map(sa.column, ("outcome", "calls"))
)


def _go_through_calls() -> None:
    connection = op.get_bind()
    days: dict[date, list[Turn]] = {}
    ends: Counter[tuple[date, str]] = Counter()
    last = connection.scalar(sa.select(sa.func.max(_CALLS.c.seq))) or 0
    for first in range(0, last + 1, _AT_ONCE):
        for call, turns in _read(connection, first):
            _describe(connection, call, turns)
            if call["ended"] is not None:
                day = local(call["began"]).date()
                spoken = (turn for turn in turns if hearing(turn))
                days.setdefault(day, []).extend(replace(t, text="") for t in spoken)
                ends[day, call["outcome"]] += 1
    _count(connection, days, ends)


def _read(
    connection: sa.Connection, first: int
) -> Iterator[tuple[sa.RowMapping, list[Turn]]]:
    calls = sa.select(_CALLS).where(_CALLS.c.seq.between(first, first + _AT_ONCE - 1))
    turns = sa.select(_TURNS).where(_TURNS.c.call.between(first, first + _AT_ONCE - 1))
    said: dict[int, list[Turn]] = {}
    in_order = turns.order_by(_TURNS.c.call, _TURNS.c.number)
    for row in connection.execute(in_order).mappings():
        turn = Turn(
            row["seconds"], Who(row["who"]), row["text"], row["score"], row["meaning"]
        )
        said.setdefault(row["call"], []).append(turn)
    for call in connection.execute(calls).mappings().all():
        yield call, said.get(call["seq"], [])


def _describe(
    connection: sa.Connection, call: sa.RowMapping, turns: list[Turn]
) -> None:
    """Write what a call is found by."""
    found = sorted({word for turn in turns for word in words_of(turn.text)})
    if found:
        rows = [{"call": call["seq"], "word": word} for word in found]
        connection.execute(sa.insert(_WORDS), rows)
    hows = Counter(heard.how for heard in map(hearing, turns) if heard)
    scores = [t.score for t in turns if hearing(t) and t.score is not None]
    connection.execute(
        sa.update(_CALLS)
        .where(_CALLS.c.seq == call["seq"])
        .values(
            turns=len(turns),
            doubtful=hows[How.DOUBTFUL],
            missed=hows[How.MISSED],
            worst=min(scores, default=None),
        )
    )


def _count(
    connection: sa.Connection,
    days: dict[date, list[Turn]],
    ends: Counter[tuple[date, str]],
) -> None:
    for day, turns in days.items():
        for each in understandings(day, turns):
            values = (day, *astuple(each.heard), *(getattr(each, c) for c in _COUNTED))
            row = dict(zip((*_HEARD, *_COUNTED), values, strict=True))
            connection.execute(sa.insert(_UNDERSTANDING).values(row))
    for (day, outcome), calls in ends.items():
        row = {"day": day, "outcome": outcome, "calls": calls}
        connection.execute(sa.insert(_OUTCOMES).values(row))
