"""The tables of what calls are found by, told of and counted as."""

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, Table, Text

from voice.store.tables import Instant, metadata


def _call() -> Column[int]:
    owner = ForeignKey("calls.seq", ondelete="CASCADE")
    return Column("call", Integer, owner, primary_key=True, autoincrement=False)


# Each word of a call once. The databases' own ways to search a text sort what they
# find by how well it fits; here the newest comes first, a word is the same in each
# database, and what is erased is gone at once.
words = Table(
    "words",
    metadata,
    _call(),
    # In the order of signs, also where the database has an alphabet of its own.
    Column(
        "word",
        Text().with_variant(Text(collation="C"), "postgresql"),
        primary_key=True,
    ),
    Index("words_by_word", "word", "call"),
    sqlite_with_rowid=False,
)

# What happens in calls, as it happens. No number is used twice, also when the last
# rows are erased: somebody may have been told of them.
feed = Table(
    "feed",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column(
        "call", Integer, ForeignKey("calls.seq", ondelete="CASCADE"), nullable=False
    ),
    Column("what", Text, nullable=False),
    Column("turn", Integer),
    Index("feed_by_call", "call"),
    sqlite_autoincrement=True,
)

misheard = Table(
    "misheard",
    metadata,
    _call(),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("said", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# Counted when a call ends, and of nobody: these stay when calls are erased.
understanding = Table(
    "understanding",
    metadata,
    Column("day", Date, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("command", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("well", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("scored", Integer, nullable=False),
    Column("score", Float(53), nullable=False),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("day", Date, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("calls", Integer, nullable=False),
)
