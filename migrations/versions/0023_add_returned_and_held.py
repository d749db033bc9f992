"""Add what makes orders wait or fail, and held to outbound orders."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _add("orders", "unplanned", "returned", "failing")
    _add("outbound_orders", "hold_wanted", "held")


def _add(name: str, *columns: str) -> None:
    with op.batch_alter_table(name) as table:
        for column in columns:
            table.add_column(
                sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false())
            )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("outbound_orders") as table:
        table.drop_column("held")
        table.drop_column("hold_wanted")
    with op.batch_alter_table("orders") as table:
        table.drop_column("failing")
        table.drop_column("returned")
        table.drop_column("unplanned")
