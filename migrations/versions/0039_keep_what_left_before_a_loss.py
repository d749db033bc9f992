"""Remember what of a warehouse order had left when the warehouse lost it."""

import sqlalchemy as sa
from alembic import op

from app.db import Json

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("outbound_orders") as table:
        table.add_column(sa.Column("shipped_before", Json, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("outbound_orders") as table:
        table.drop_column("shipped_before")
