"""Alembic's entry: runs the migrations on the engine that `analyzer.store.database` hands over."""

from alembic import context

from analyzer.store.schema import Base


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index lies outside the ORM: virtual tables have no counterpart in it."""
    return kind != "table" or not (name or "").startswith("signal_search")


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, include_name=is_ours)
    with context.begin_transaction():
        context.run_migrations()
