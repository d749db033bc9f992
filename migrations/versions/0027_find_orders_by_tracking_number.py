"""Find orders by the tracking numbers of shipments that are known already."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from app.db import BigId, Json, byte_ordered

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_LONGEST = 255
_SHIPMENTS = sa.table(
    "shipments",
    sa.column("id", BigId),
    sa.column("shop_id", BigId),
    sa.column("order_id", BigId),
    sa.column("packages", Json),
)
_TERMS = sa.table(
    "order_terms",
    sa.column("shop_id", BigId),
    sa.column("term", byte_ordered(_LONGEST)),
    sa.column("order_id", BigId),
)


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    keep = dialect.insert(_TERMS).on_conflict_do_nothing()
    for shipments in _known():
        rows = [row for shipment in shipments for row in _terms(shipment)]
        if rows:
            connection.execute(keep, rows)


def downgrade() -> None:
    """Undo: what is found by more than before does no harm."""


def _known() -> Iterator[list[Any]]:
    last = 0
    while True:
        query = sa.select(_SHIPMENTS).where(_SHIPMENTS.c.id > last).order_by(_SHIPMENTS.c.id)
        rows = list(op.get_bind().execute(query.limit(_AT_ONCE)))
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _terms(shipment: Any) -> list[dict[str, Any]]:
    numbers = [(package.get("number") or "").strip() for package in shipment.packages or []]
    words = {word.casefold()[:_LONGEST] for each in numbers for word in (each, _joined(each))}
    return [
        {"shop_id": shipment.shop_id, "term": word, "order_id": shipment.order_id}
        for word in sorted(words)
        if word
    ]


def _joined(number: str) -> str:
    return "".join(number.split())
