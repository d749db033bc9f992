"""Add given up to orders."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("orders") as table:
        table.add_column(
            sa.Column("given_up", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("orders") as table:
        table.drop_column("given_up")
