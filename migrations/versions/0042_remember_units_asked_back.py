"""Remember which units of an order the warehouse was asked to cancel."""

import sqlalchemy as sa
from alembic import op

from app.db import Json

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("outbound_orders", sa.Column("asked_back", Json, nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("outbound_orders", "asked_back")
