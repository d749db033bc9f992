"""Add what each order keeps of stock that the warehouse knows nothing of."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_LIVE = ("OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED")


def upgrade() -> None:
    """Apply."""
    column = sa.Column("keeps", Json, nullable=False, server_default=sa.text("'{}'"))
    op.add_column("orders", column)
    _note_kept()


def downgrade() -> None:
    """Undo."""
    op.drop_column("orders", "keeps")


def _note_kept() -> None:
    """Tell of each order that still asks for units which they are."""
    orders = sa.table(
        "orders",
        sa.column("id", BigId),
        sa.column("facts", Json),
        sa.column("keeps", Json),
        sa.column("asks", sa.Boolean),
    )
    connection = op.get_bind()
    note = (
        orders.update()
        .where(orders.c.id == sa.bindparam("of_id"))
        .values(keeps=sa.bindparam("kept", type_=Json))
    )
    for rows in _pages(connection, orders):
        connection.execute(note, [{"of_id": row.id, "kept": _kept(row.facts)} for row in rows])


def _pages(connection: Any, orders: Any) -> Iterator[list[Any]]:
    last = 0
    query = sa.select(orders.c.id, orders.c.facts).where(orders.c.asks)
    query = query.order_by(orders.c.id).limit(_AT_ONCE)
    while rows := connection.execute(query.where(orders.c.id > last)).all():
        yield rows
        last = rows[-1].id


def _kept(facts: dict[str, Any]) -> dict[str, int]:
    names = {line["id"]: _name(line) for line in facts.get("lines", ())}
    found: dict[str, int] = {}
    for part in facts.get("parts", ()):
        if part["status"] not in _LIVE or part["method"] == "NONE":
            continue
        for line, units in part["lines"].items():
            if units > 0 and names.get(line):
                key = f"{part['location']} {names[line]}"
                found[key] = found.get(key, 0) + units
    return found


def _name(line: dict[str, Any]) -> str:
    return line.get("item") or (line["sku"] and f"sku:{line['sku']}")
