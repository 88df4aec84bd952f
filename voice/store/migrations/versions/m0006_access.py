"""Who may log in, keys of other programs, whom we call, and people's mail addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; nobody could log in before, and no mail address is known."""
    mail = sa.Column("mail", sa.Text, nullable=False, server_default="")
    op.add_column("extensions", mail)
    known = sa.text("mail <> ''")
    op.create_index(
        "extensions_by_mail",
        "extensions",
        ["mail"],
        unique=True,
        sqlite_where=known,
        postgresql_where=known,
    )
    _accounts()
    _passwords()
    _sessions()
    _api_keys()
    _hooks()


def _owner() -> sa.ForeignKey:
    return sa.ForeignKey("accounts.login", ondelete="CASCADE")


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("login", sa.Text, primary_key=True),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("created", instant, nullable=False),
        sa.Column(
            "extension",
            sa.Text,
            sa.ForeignKey("extensions.number", ondelete="SET NULL"),
        ),
        sa.Column("issuer", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="accounts_by_identity"),
    )
    op.create_index("accounts_by_extension", "accounts", ["extension"])


def _passwords() -> None:
    op.create_table(
        "passwords",
        sa.Column("login", sa.Text, _owner(), primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("locked_until", instant),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("login", sa.Text, _owner(), nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("began", instant, nullable=False),
        sa.Column("seen", instant, nullable=False),
    )
    op.create_index("sessions_by_login", "sessions", ["login"])


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created", instant, nullable=False),
        sa.Column("expires", instant),
        sa.Column("last_used", instant),
    )


def _hooks() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("clock", instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", instant),
        sa.Column("fault", sa.Text, nullable=False),
    )
