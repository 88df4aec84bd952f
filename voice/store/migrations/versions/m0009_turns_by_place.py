"""Turns found by the place of the dialogue where they were said."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the index; what was said before places were kept has none."""
    some = sa.text("place IS NOT NULL")
    op.create_index(
        "turns_by_place",
        "turns",
        ["place", "call"],
        sqlite_where=some,
        postgresql_where=some,
    )
