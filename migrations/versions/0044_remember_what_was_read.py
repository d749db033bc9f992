"""Remember which of Shopify's times of an order was read, apart from that of our own tags.

Nothing is known of the orders that are there: each is read once more when it is next listed among
those that changed, which is only when it has.
"""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("orders") as orders:
        orders.add_column(sa.Column("read_updated_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("orders") as orders:
        orders.drop_column("read_updated_at")
