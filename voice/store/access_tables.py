"""The tables of who may log in, what other programs may ask, and whom we call."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from voice.store.tables import Instant, metadata


def _owner() -> ForeignKey:
    return ForeignKey("accounts.login", ondelete="CASCADE")


accounts = Table(
    "accounts",
    metadata,
    Column("login", Text, primary_key=True),
    Column("roles", JSON, nullable=False),
    Column("created", Instant, nullable=False),
    # Who leaves the directory may still be an administrator, but has no page.
    Column("extension", Text, ForeignKey("extensions.number", ondelete="SET NULL")),
    Column("issuer", Text),
    Column("subject", Text),
    Column("disabled", Boolean, nullable=False),
    UniqueConstraint("issuer", "subject", name="accounts_by_identity"),
    Index("accounts_by_extension", "extension"),
)

passwords = Table(
    "passwords",
    metadata,
    Column("login", Text, _owner(), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("locked_until", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    # Of its id, which opens the session and is therefore not here.
    Column("digest", Text, primary_key=True),
    Column("login", Text, _owner(), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("began", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Index("sessions_by_login", "login"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("name", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant),
    Column("last_used", Instant),
)

hooks = Table(
    "hooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    # As it is, because what we send is signed with it.
    Column("secret", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("clock", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Instant),
    Column("fault", Text, nullable=False),
)

repeats = Table(
    "repeats",
    metadata,
    Column("key", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("at", Instant, nullable=False),
    # All three are empty until it is answered.
    Column("status", Integer),
    Column("body", Text),
    Column("media_type", Text),
    Index("repeats_by_time", "at"),
)
