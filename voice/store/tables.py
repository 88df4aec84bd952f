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
    TextClause,
    TypeDecorator,
    text,
)

from voice.store.values import in_utc

NEWEST = "0009"
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
    Column("mail", Text, nullable=False),
    # The change that can be undone; all three are empty when there is none.
    Column("changed_at", Instant),
    Column("changed_gone", JSON(none_as_null=True)),
    Column("changed_new", JSON(none_as_null=True)),
    Index(
        "extensions_by_mail",
        "mail",
        unique=True,
        sqlite_where=text("mail <> ''"),
        postgresql_where=text("mail <> ''"),
    ),
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

# Written out, because an index of some rows serves only who asks in its words.
MISUNDERSTOOD = text("doubtful + missed > 0")
MARKED = text("marked > 0")


def _partial(name: str, which: TextClause) -> Index:
    columns = ("began", "seq")
    return Index(name, *columns, sqlite_where=which, postgresql_where=which)


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
    # What the call is found by, so that nobody goes through its turns.
    Column("turns", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("marked", Integer, nullable=False),
    Column("worst", Float(53)),
    # Gone through for low scores, without a look at the calls that have none.
    Index("calls_by_time", "began", "seq", "worst"),
    Index("calls_by_caller", "caller", "began", "seq"),
    Index("calls_by_place", "place", "began", "seq"),
    Index("calls_by_outcome", "outcome", "began", "seq"),
    Index("calls_by_end", "ended", "began", "seq"),
    _partial("calls_misunderstood", MISUNDERSTOOD),
    _partial("calls_marked", MARKED),
)

turns = Table(
    "turns",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column(
        "call", Integer, ForeignKey("calls.seq", ondelete="CASCADE"), nullable=False
    ),
    Column("number", Integer, nullable=False),
    Column("seconds", Float(53), nullable=False),
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("score", Float(53)),
    Column("meaning", Text),
    Column("event", Text),
    Column("place", Text),
    Index("turns_by_call", "call", "number"),
    Index(
        "turns_by_place",
        "place",
        "call",
        sqlite_where=text("place IS NOT NULL"),
        postgresql_where=text("place IS NOT NULL"),
    ),
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
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("audit_by_extension", "extension", "seq"),
    Index("audit_by_hand", "by", "seq"),
    Index("audit_by_event", "event", "seq"),
    Index("audit_by_subject", "subject", "seq"),
    Index("audit_by_time", "at", "seq"),
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

# Which bookings carry a code, so that a meeting's copies are found at once.
coded = Table(
    "coded",
    metadata,
    Column("key", Text, primary_key=True),
    Column(
        "extension",
        Text,
        ForeignKey("links.extension", ondelete="CASCADE"),
        primary_key=True,
    ),
    Index("coded_by_extension", "extension"),
    sqlite_with_rowid=False,
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
