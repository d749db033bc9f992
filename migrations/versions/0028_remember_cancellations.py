"""Remember which of the warehouse's cancellations were taken in, of each outbound order."""

import sqlalchemy as sa
from alembic import op

from app.db import Json

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("outbound_orders") as table:
        table.add_column(sa.Column("cancellations", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("outbound_orders") as table:
        table.drop_column("cancellations")
