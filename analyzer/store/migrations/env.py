"""Alembic's entry: runs the migrations on the engine that `analyzer.store.database` hands over.

All of them in one transaction, by one process at a time: whoever is killed on the way leaves the database as it was,
and of two that open a new one at the same time the second finds it ready.
"""

from alembic import context
from sqlalchemy import Connection, func, select

from analyzer.store.schema import Base

#: Names the lock among all that PostgreSQL's clients may ask for: "migr" in ASCII.
MIGRATING = 0x6D696772


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index lies outside the ORM: virtual tables have no counterpart in it."""
    return kind != "table" or not (name or "").startswith("signal_search")


def keep_others_waiting(connection: Connection) -> None:
    """Let no other process migrate before this transaction ends."""
    if connection.dialect.name == "sqlite":
        # Left to itself Python's driver begins no transaction for a CREATE, and each would stand by itself.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        include_name=is_ours,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        keep_others_waiting(connection)
        context.run_migrations()
