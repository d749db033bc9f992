"""Remember where each line of stock counts, and which orders still ask for units."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_LIVE = ("OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED")
_DUE, _UNSENT, _ASKS = sa.text("due"), sa.text("unsent <> 0"), sa.text("asks")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "stock_readings",
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.Column("told_until", UtcDateTime(), nullable=True),
        sa.Column("compared_at", UtcDateTime(), nullable=True),
        sa.Column("counted", Json, nullable=False),
        sa.Column("problem", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_stock_readings_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_stock_readings")),
    )
    for name, length in (("target", 64), ("location", 64), ("reason", 32)):
        _add("warehouse_stock", name, sa.String(length=length), sa.text("''"))
    _add("warehouse_stock", "due", sa.Boolean(), sa.true())
    _add("stock_levels", "unsent", sa.BigInteger(), sa.text("0"))
    op.add_column("stock_levels", sa.Column("expected", sa.BigInteger(), nullable=True))
    _add("orders", "asks", sa.Boolean(), sa.false())
    _index("warehouse_stock", "shop_id_target", ["shop_id", "target"])
    _index("warehouse_stock", "shop_id_reason_id", ["shop_id", "reason", "id"])
    _index("warehouse_stock", "due", ["shop_id", "id"], _DUE)
    _index("stock_levels", "unsent", ["shop_id", "id"], _UNSENT)
    _index("orders", "asking", ["shop_id", "tag_state"], _ASKS)
    _note_asking()


def downgrade() -> None:
    """Undo."""
    for table, name in (
        ("orders", "asking"),
        ("stock_levels", "unsent"),
        ("warehouse_stock", "due"),
        ("warehouse_stock", "shop_id_reason_id"),
        ("warehouse_stock", "shop_id_target"),
    ):
        op.drop_index(f"ix_{table}_{name}", table)
    op.drop_column("orders", "asks")
    for name in ("expected", "unsent"):
        op.drop_column("stock_levels", name)
    for name in ("due", "reason", "location", "target"):
        op.drop_column("warehouse_stock", name)
    op.drop_table("stock_readings")


def _add(table: str, name: str, kind: Any, default: Any) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))


def _index(table: str, name: str, columns: list[str], where: Any = None) -> None:
    op.create_index(
        f"ix_{table}_{name}", table, columns, sqlite_where=where, postgresql_where=where
    )


def _note_asking() -> None:
    """Tell of each order that is there whether something of it is still to be shipped."""
    orders = sa.table(
        "orders", sa.column("id", BigId), sa.column("facts", Json), sa.column("asks", sa.Boolean)
    )
    connection = op.get_bind()
    for rows in _pages(connection, orders):
        asking = [row.id for row in rows if _asks(row.facts)]
        if asking:
            connection.execute(orders.update().where(orders.c.id.in_(asking)).values(asks=True))


def _pages(connection: Any, orders: Any) -> Iterator[list[Any]]:
    last = 0
    query = sa.select(orders.c.id, orders.c.facts).order_by(orders.c.id).limit(_AT_ONCE)
    while rows := connection.execute(query.where(orders.c.id > last)).all():
        yield rows
        last = rows[-1].id


def _asks(facts: dict[str, Any]) -> bool:
    over = facts.get("cancelled") or facts.get("closed")
    return not over and any(
        part["status"] in _LIVE and part["method"] != "NONE" and any(part["lines"].values())
        for part in facts.get("parts", ())
    )
