"""Lets Alembic work in the transaction that voice.store.migrate has opened."""

from alembic import context

from voice.store.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
