"""The tables as they are now; how they came to be is in migrations/."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from voice.store.values import in_utc

NEWEST = "0004"
VERSION_TABLE = "telefonist_version"

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """A moment: UTC in the database, with its zone outside it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Make it UTC, refusing one without a zone."""
        return None if value is None else in_utc(value)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give it back as UTC; SQLite has forgotten the zone that we wrote."""
        return None if value is None else value.replace(tzinfo=UTC)


extensions = Table(
    "extensions",
    metadata,
    Column("number", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("coupled", Boolean, nullable=False),
    Column("search", JSON, nullable=False),
    # The change that can be undone; all three are empty when there is none.
    Column("changed_at", Instant),
    Column("changed_gone", JSON(none_as_null=True)),
    Column("changed_new", JSON(none_as_null=True)),
)

mobiles = Table(
    "mobiles",
    metadata,
    Column("number", Text, primary_key=True),
    Column(
        "extension",
        Text,
        ForeignKey("extensions.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("place", Integer, nullable=False),
    Index("mobiles_by_extension", "extension", "place"),
)

credentials = Table(
    "credentials",
    metadata,
    Column(
        "extension",
        Text,
        ForeignKey("extensions.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("hash", Text, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("locked_until", Instant),
)

# One row for whatever others must know the changes of, without reading it all.
revisions = Table(
    "revisions",
    metadata,
    Column("what", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

diverts = Table(
    "diverts",
    metadata,
    Column(
        "extension",
        Text,
        ForeignKey("extensions.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("start", Instant, nullable=False),
    Column("until", Instant),
    Column("mode", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("entry", Text),
    Column("opened", Boolean, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("place", Text, nullable=False),
    Column("caller", Text),
    Column("began", Instant, nullable=False),
    Column("ended", Instant),
    Column("outcome", Text),
    Index("calls_by_time", "began", "seq"),
    Index("calls_by_caller", "caller", "began", "seq"),
)

turns = Table(
    "turns",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column(
        "call", Integer, ForeignKey("calls.seq", ondelete="CASCADE"), nullable=False
    ),
    Column("seconds", Float(53), nullable=False),
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("score", Float(53)),
    Column("meaning", Text),
    Column("event", Text),
    Index("turns_by_call", "call", "seq"),
)

# No foreign key: the trail of an extension stays when the extension is removed.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("extension", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Index("audit_by_extension", "extension", "seq"),
)

links = Table(
    "links",
    metadata,
    Column(
        "extension",
        Text,
        ForeignKey("extensions.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("read_at", Instant),
    Column("cursor", Text),
    Column("reaches", Instant),
    Column("doubted_at", Instant),
    Column("failing_since", Instant),
    Column("fault", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    # What a calendar has promised; all four are empty when it has not.
    Column("watch_id", Text),
    Column("watch_resource", Text),
    Column("watch_token", Text),
    Column("watch_until", Instant),
    Column("entries", JSON, nullable=False),
    Column("opted_out", JSON, nullable=False),
)

own_bookings = Table(
    "own_bookings",
    metadata,
    Column(
        "extension",
        Text,
        ForeignKey("extensions.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("step", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Instant),
)

# Who may do what only one program at a time is to do.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)
