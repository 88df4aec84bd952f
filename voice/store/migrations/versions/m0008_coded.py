"""Which bookings carry a code, so that a meeting's copies are found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# Calendars that are held at once while they are gone through.
_AT_ONCE = 500


def upgrade() -> None:
    """Make the table, and fill it with what was last read of each calendar."""
    link = sa.ForeignKey("links.extension", ondelete="CASCADE")
    coded = op.create_table(
        "coded",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("extension", sa.Text, link, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("coded_by_extension", "coded", ["extension"])
    links = sa.table("links", sa.column("extension"), sa.column("entries", sa.JSON))
    connection, last = op.get_bind(), ""
    query = sa.select(links).order_by(links.c.extension).limit(_AT_ONCE)
    while some := connection.execute(query.where(links.c.extension > last)).all():
        rows = [
            {"key": key, "extension": row.extension}
            for row in some
            for key in {each["key"] for each in row.entries if "reason" in each}
        ]
        if rows:
            connection.execute(coded.insert(), rows)
        last = some[-1].extension
