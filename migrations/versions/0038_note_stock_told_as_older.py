"""Remember which lines of stock were told as older than they are known, when all of it was read,
and which locations it was compared for."""

import sqlalchemy as sa
from alembic import op

from app.db import Json, UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    older = sa.Column("older", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("warehouse_stock", older)
    op.add_column("stock_readings", sa.Column("begun_at", UtcDateTime(), nullable=True))
    op.add_column("stock_readings", sa.Column("places", Json, nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("stock_readings", "places")
    op.drop_column("stock_readings", "begun_at")
    op.drop_column("warehouse_stock", "older")
