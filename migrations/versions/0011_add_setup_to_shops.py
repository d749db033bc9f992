"""Add setup to shops."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("shops") as table:
        table.add_column(sa.Column("settings_changed_at", UtcDateTime(), nullable=True))
        table.add_column(
            sa.Column("settings_changed_by", sa.String(64), nullable=False, server_default="")
        )
        table.add_column(sa.Column("setup_step", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("setup_done_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("shops") as table:
        table.drop_column("setup_done_at")
        table.drop_column("setup_step")
        table.drop_column("settings_changed_by")
        table.drop_column("settings_changed_at")
