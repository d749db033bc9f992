"""Add answers to batch members."""

import sqlalchemy as sa
from alembic import op

from app.db import Json, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("batch_members") as table:
        table.add_column(sa.Column("answer", Json, nullable=False, server_default=sa.text("'{}'")))
        table.add_column(sa.Column("answered_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("batch_members") as table:
        table.drop_column("answered_at")
        table.drop_column("answer")
