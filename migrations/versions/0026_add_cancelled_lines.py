"""Add what the warehouse cancelled of outbound orders, and the job that asks for it."""

import sqlalchemy as sa
from alembic import op

from app.db import Json

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("outbound_orders") as table:
        table.add_column(sa.Column("cancelled_lines", Json, nullable=False, server_default="{}"))
    op.execute(
        "INSERT INTO schedule_slots (shop_id, job, next_at)"
        " SELECT id, 'cancellations', installed_at FROM shops"
    )


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM schedule_slots WHERE job = 'cancellations'")
    with op.batch_alter_table("outbound_orders") as table:
        table.drop_column("cancelled_lines")
