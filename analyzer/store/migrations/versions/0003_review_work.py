"""Review work: where pairs stand, readings, assignments, drafts of comments, saved views, preferences, queue orders."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BLOCK = 5000
LEVELS = ("law", "ordinance", "government decision", "national", "regional", "local")
WEIGHTS = (1.5, 1.4, 1.3, 1.2, 1.1, 1.0)


def upgrade() -> None:
    # Plain ALTER TABLE: a rebuilt table would lose the triggers that keep reviews append-only.
    op.add_column("reviews", sa.Column("kind", sa.String(length=16), nullable=True))
    op.add_column("reviews", sa.Column("batch", sa.String(length=32), nullable=True))
    op.create_index("ix_reviews_batch", "reviews", ["batch"], unique=False)
    op.create_index("ix_reviews_reviewer", "reviews", ["reviewer", "id"], unique=False)
    op.add_column("assessments", sa.Column("importance", sa.Double(), server_default="0", nullable=False))
    op.add_column("assessments", sa.Column("teaching", sa.Double(), server_default="0", nullable=False))
    op.add_column("assessments", sa.Column("levels", sa.Integer(), server_default="0", nullable=False))
    create_tables()
    fill_standings()
    fill_orders()
    op.create_index("ix_assessments_importance", "assessments", ["importance"], unique=False)
    op.create_index("ix_assessments_teaching", "assessments", ["teaching"], unique=False)


def create_tables() -> None:
    op.create_table(
        "standings",
        sa.Column("pair_key", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("readers", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_standings_review_id_reviews"),
        sa.PrimaryKeyConstraint("pair_key", name="pk_standings"),
    )
    op.create_index("ix_standings_status", "standings", ["status"], unique=False)
    op.create_table(
        "readings",
        sa.Column("pair_key", sa.String(length=64), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_readings_review_id_reviews"),
        sa.PrimaryKeyConstraint("pair_key", "reviewer", name="pk_readings"),
    )
    op.create_table(
        "assignments",
        sa.Column("pair_key", sa.String(length=64), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pair_key", name="pk_assignments"),
    )
    op.create_index("ix_assignments_assignee", "assignments", ["assignee"], unique=False)
    op.create_table(
        "comment_drafts",
        sa.Column("pair_key", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pair_key", "person", name="pk_comment_drafts"),
    )
    op.create_table(
        "saved_views",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name="pk_saved_views"),
    )
    op.create_table(
        "preferences",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name="pk_preferences"),
    )


def fill_standings() -> None:
    """Until now the latest act on a pair said where it stands."""
    op.execute(
        "INSERT INTO standings (pair_key, status, review_id, readers) "
        "SELECT pair_key, CASE decision WHEN 'reopen' THEN 'open' ELSE decision END, id, 0 FROM reviews "
        "WHERE id IN (SELECT max(id) FROM reviews GROUP BY pair_key)"
    )


def fill_orders() -> None:
    """Importance, teaching and levels of what is assessed already."""
    connection = op.get_bind()
    levels = {
        signal_id: decoded(frame).get("level") or decoded(corrected).get("level") or decoded(guessed).get("level")
        for signal_id, frame, corrected, guessed in connection.execute(
            sa.text(
                "SELECT signals.id, frame, corrected, guessed FROM signals "
                "JOIN documents ON documents.id = signals.document_id"
            )
        )
    }
    update = sa.text(
        "UPDATE assessments SET importance = :importance, teaching = :teaching, levels = :levels WHERE pair_id = :id"
    )
    last = 0
    while rows := connection.execute(
        sa.text(
            "SELECT pairs.id, a_id, b_id, key, probability, grade FROM pairs "
            "JOIN assessments ON assessments.pair_id = pairs.id WHERE pairs.id > :last ORDER BY pairs.id LIMIT :limit"
        ),
        {"last": last, "limit": BLOCK},
    ).all():
        last = rows[-1][0]
        values = []
        for pair_id, a, b, key, probability, grade in rows:
            ranks = {LEVELS.index(level) for level in (levels[a], levels[b]) if level in LEVELS}
            values.append(
                {
                    "id": pair_id,
                    "importance": probability * grade * max((WEIGHTS[rank] for rank in ranks), default=1.0),
                    "teaching": -(int(abs(probability - 0.5) * 50) + int(key[:8], 16) / 2**32),
                    "levels": sum(1 << rank for rank in ranks),
                }
            )
        connection.execute(update, values)


def decoded(value: object) -> dict:
    """JSON as either database hands it over."""
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}
