"""What matching has read of each signal, so that a new document costs no second reading of the others."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal_records",
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signals.id"], name="fk_signal_records_signal_id_signals", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("signal_id", name="pk_signal_records"),
    )
