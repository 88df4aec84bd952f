"""The first tables: directory, diverts, transcripts and audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table."""
    _extensions_and_diverts()
    _calls_and_turns()
    _audit()


def _extensions_and_diverts() -> None:
    op.create_table(
        "extensions",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("coupled", sa.Boolean, nullable=False),
        sa.Column("changed_at", instant),
        sa.Column("changed_gone", sa.JSON),
        sa.Column("changed_new", sa.JSON),
    )
    owner = sa.ForeignKey("extensions.number", ondelete="CASCADE")
    op.create_table(
        "diverts",
        sa.Column("extension", sa.Text, owner, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("start", instant, nullable=False),
        sa.Column("until", instant),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("set_at", instant, nullable=False),
        sa.Column("entry", sa.Text),
        sa.Column("opened", sa.Boolean, nullable=False),
    )


def _calls_and_turns() -> None:
    op.create_table(
        "calls",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("caller", sa.Text),
        sa.Column("began", instant, nullable=False),
        sa.Column("ended", instant),
        sa.Column("outcome", sa.Text),
    )
    op.create_index("calls_by_time", "calls", ["began", "seq"])
    op.create_index("calls_by_caller", "calls", ["caller", "began", "seq"])
    call = sa.ForeignKey("calls.seq", ondelete="CASCADE")
    op.create_table(
        "turns",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("call", sa.Integer, call, nullable=False),
        sa.Column("seconds", sa.Float(53), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("score", sa.Float(53)),
        sa.Column("meaning", sa.Text),
        sa.Column("event", sa.Text),
    )
    op.create_index("turns_by_call", "turns", ["call", "seq"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("at", instant, nullable=False),
        sa.Column("extension", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
    )
    op.create_index("audit_by_extension", "audit", ["extension", "seq"])
