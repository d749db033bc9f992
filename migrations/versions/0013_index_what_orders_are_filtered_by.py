"""Index what orders are filtered by."""

import sqlalchemy as sa
from alembic import op

from app.db import byte_ordered

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SEARCHED = (
    ("outbound_orders", "job_id", 64),
    ("outbound_orders", "wms_id", 128),
    ("batches", "job_id", 64),
)


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length in _SEARCHED:
            op.alter_column(table, column, type_=byte_ordered(length))
    op.create_index(
        "ix_orders_shop_id_reason_placed_at", "orders", ["shop_id", "reason", "placed_at"]
    )
    op.create_index("ix_outbound_orders_shop_id_wms_id", "outbound_orders", ["shop_id", "wms_id"])
    op.create_index(
        "ix_outbound_orders_shop_id_warehouse_order_id",
        "outbound_orders",
        ["shop_id", "warehouse", "order_id"],
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_outbound_orders_shop_id_warehouse_order_id", "outbound_orders")
    op.drop_index("ix_outbound_orders_shop_id_wms_id", "outbound_orders")
    op.drop_index("ix_orders_shop_id_reason_placed_at", "orders")
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length in _SEARCHED:
            op.alter_column(table, column, type_=sa.String(length))
