"""Who calls: mobiles, search words and PINs, and a number for each directory."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make every table; those who are listed already have no search words."""
    search = sa.Column("search", sa.JSON, nullable=False, server_default="[]")
    op.add_column("extensions", search)
    _mobiles()
    _credentials()
    _revisions()


def _owner() -> sa.ForeignKey:
    return sa.ForeignKey("extensions.number", ondelete="CASCADE")


def _mobiles() -> None:
    op.create_table(
        "mobiles",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("extension", sa.Text, _owner(), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_index("mobiles_by_extension", "mobiles", ["extension", "place"])


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("extension", sa.Text, _owner(), primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
    )


def _revisions() -> None:
    table = op.create_table(
        "revisions",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.bulk_insert(table, [{"what": "directory", "number": 0}])
