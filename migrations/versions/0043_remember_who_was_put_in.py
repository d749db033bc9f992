"""Remember which orders a person asked to be sent, until they are."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("orders") as orders:
        orders.add_column(
            sa.Column("put_in", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("orders") as orders:
        orders.drop_column("put_in")
