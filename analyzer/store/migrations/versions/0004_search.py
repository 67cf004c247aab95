"""Search: the words and stems of the signals, and the units they steer. Filled when the database is opened."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal_units",
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signals.id"], name="fk_signal_units_signal_id_signals", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("signal_id", "unit", name="pk_signal_units"),
    )
    op.create_index("ix_signal_units_unit", "signal_units", ["unit"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        make_vectors()
    else:
        make_full_text_table()


def make_vectors() -> None:
    """Text-search vectors beside the signals; a signal that goes or is reworded takes its vectors with it."""
    op.execute(
        "CREATE TABLE signal_search (signal_id INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE, "
        "words TSVECTOR NOT NULL, stems TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_signal_search_words ON signal_search USING gin (words)")
    op.execute("CREATE INDEX ix_signal_search_stems ON signal_search USING gin (stems)")
    op.execute(
        "CREATE FUNCTION forget_signal_words() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN DELETE FROM signal_search WHERE signal_id = old.id; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER signals_reworded AFTER UPDATE OF quote, lead_in ON signals "
        "FOR EACH ROW EXECUTE FUNCTION forget_signal_words()"
    )


def make_full_text_table() -> None:
    """SQLite's full-text table, and triggers that take out signals that go or are reworded."""
    op.execute(
        'CREATE VIRTUAL TABLE signal_search USING fts5(words, stems, tokenize="unicode61 remove_diacritics 0", '
        'prefix="2 3")'
    )
    for name, act in (("deleted", "DELETE"), ("reworded", "UPDATE OF quote, lead_in")):
        op.execute(
            f"CREATE TRIGGER signals_{name} AFTER {act} ON signals "
            "BEGIN DELETE FROM signal_search WHERE rowid = old.id; END"
        )
