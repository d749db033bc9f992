"""Create order terms."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, byte_ordered

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_LONGEST = 255


def upgrade() -> None:
    """Apply."""
    table = op.create_table(
        "order_terms",
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("term", byte_ordered(_LONGEST), nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_order_terms_shop_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_terms_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", "term", "order_id", name=op.f("pk_order_terms")),
    )
    op.create_index("ix_order_terms_order_id", "order_terms", ["order_id"], unique=False)
    for rows in _known_orders():
        op.bulk_insert(table, [row for order in rows for row in _terms(order)])


def downgrade() -> None:
    """Undo."""
    op.drop_table("order_terms")


def _known_orders() -> Iterator[list[Any]]:
    orders = sa.table(
        "orders",
        sa.column("id", BigId),
        sa.column("shop_id", BigId),
        sa.column("name", sa.String),
        sa.column("facts", Json),
    )
    last = 0
    while True:
        query = sa.select(orders).where(orders.c.id > last).order_by(orders.c.id).limit(_AT_ONCE)
        rows = list(op.get_bind().execute(query))
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _terms(order: Any) -> list[dict[str, Any]]:
    skus = [line.get("sku") or "" for line in (order.facts or {}).get("lines", [])]
    words = {word.casefold()[:_LONGEST] for word in (order.name.removeprefix("#"), *skus)}
    return [
        {"shop_id": order.shop_id, "term": word, "order_id": order.id} for word in words if word
    ]
