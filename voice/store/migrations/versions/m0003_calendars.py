"""Calendars: which is followed, what was read of it, and what is written into it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; nobody's calendar has been followed before."""
    _links()
    _own_bookings()


def _owner() -> sa.ForeignKey:
    return sa.ForeignKey("extensions.number", ondelete="CASCADE")


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("extension", sa.Text, _owner(), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("read_at", instant),
        sa.Column("cursor", sa.Text),
        sa.Column("reaches", instant),
        sa.Column("doubted_at", instant),
        sa.Column("failing_since", instant),
        sa.Column("fault", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text, nullable=False),
        sa.Column("watch_id", sa.Text),
        sa.Column("watch_resource", sa.Text),
        sa.Column("watch_token", sa.Text),
        sa.Column("watch_until", instant),
        sa.Column("entries", sa.JSON, nullable=False),
        sa.Column("opted_out", sa.JSON, nullable=False),
    )


def _own_bookings() -> None:
    op.create_table(
        "own_bookings",
        sa.Column("extension", sa.Text, _owner(), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("start", instant, nullable=False),
        sa.Column("end", instant, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", instant),
    )
