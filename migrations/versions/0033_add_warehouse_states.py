"""Add how the warehouse says an outbound order stands, its holds and by when it must leave."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TEXTS = {
    "wms_state": 32,
    "hold_reason": None,
    "shopify_hold": 64,
    "ship_by_for": 8,
    "progress": 8,
}
_MOMENTS = ("look_at", "ship_by", "sent_ship_by", "wms_ship_by")
_NAMES = (*_TEXTS, "wms_held", *_MOMENTS)
_INDEX = "ix_outbound_orders_shop_id_look_at"
# What was accepted before then has left by now, or nobody waits for it.
_OPEN_AT_MOST = timedelta(days=30)


def upgrade() -> None:
    """Apply."""
    for name, longest in _TEXTS.items():
        _add(sa.Column(name, sa.String(longest), nullable=False, server_default=""))
    _add(sa.Column("wms_held", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in _MOMENTS:
        _add(sa.Column(name, UtcDateTime(), nullable=True))
    op.create_index(_INDEX, "outbound_orders", ["shop_id", "look_at"])
    _look_at_open_ones()


def _add(column: sa.Column[object]) -> None:
    op.add_column("outbound_orders", column)


def _look_at_open_ones() -> None:
    """Have the warehouse asked how the orders stand that it may be at work on."""
    rows = sa.table(
        "outbound_orders",
        sa.column("state", sa.String()),
        sa.column("confirmed_at", UtcDateTime()),
        sa.column("look_at", UtcDateTime()),
    )
    recent = rows.c.confirmed_at > datetime.now(UTC) - _OPEN_AT_MOST
    open_ones = rows.update().where(rows.c.state == "accepted", recent)
    op.execute(open_ones.values(look_at=rows.c.confirmed_at))


def downgrade() -> None:
    """Undo."""
    op.drop_index(_INDEX, "outbound_orders")
    for name in _NAMES:
        op.drop_column("outbound_orders", name)
