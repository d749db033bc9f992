"""Create shipments and the cursors of the warehouse's feeds; give shops the jobs that read them."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime, byte_ordered

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_JOBS = ("export_shipped_orders", "export_delivered_orders")
_SLOT = (
    "INSERT INTO schedule_slots (shop_id, job, next_at) SELECT id, '{job}', installed_at FROM shops"
)
_NO_SLOT = "DELETE FROM schedule_slots WHERE job = '{job}'"


def upgrade() -> None:
    """Apply."""
    _create_shipments()
    op.create_table(
        "feed_cursors",
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed", sa.String(length=16), nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_feed_cursors_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "connection_id", "generation", "feed", name=op.f("pk_feed_cursors")
        ),
    )
    op.create_index("ix_feed_cursors_shop_id", "feed_cursors", ["shop_id"])
    with op.batch_alter_table("orders") as orders:
        orders.add_column(
            sa.Column("fulfilling", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        orders.add_column(
            sa.Column("fulfilled_seq", sa.Integer(), nullable=False, server_default="0")
        )
    for job in _JOBS:
        op.execute(_SLOT.format(job=job))


def _create_shipments() -> None:
    op.create_table(
        "shipments",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("outbound_order_id", BigId, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("number", byte_ordered(128), nullable=False),
        sa.Column("told_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("packages", Json, nullable=False),
        sa.Column("documents", Json, nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("fulfillment", sa.String(length=64), nullable=False),
        sa.Column("pushed", Json, nullable=False),
        sa.Column("attempt", Json, nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], name=op.f(f"fk_shipments_{column}"), ondelete="CASCADE"
            )
            for column, target in (
                ("shop_id", "shops.id"),
                ("order_id", "orders.id"),
                ("outbound_order_id", "outbound_orders.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint(
            "connection_id",
            "generation",
            "number",
            name=op.f("uq_shipments_connection_id_generation_number"),
        ),
    )
    for name, columns in {
        "ix_shipments_order_id": ["order_id"],
        "ix_shipments_outbound_order_id": ["outbound_order_id"],
        "ix_shipments_shop_id_settled_id": ["shop_id", "settled", "id"],
        "ix_shipments_shop_id_fulfillment": ["shop_id", "fulfillment"],
    }.items():
        op.create_index(name, "shipments", columns)


def downgrade() -> None:
    """Undo."""
    for job in _JOBS:
        op.execute(_NO_SLOT.format(job=job))
    with op.batch_alter_table("orders") as orders:
        orders.drop_column("fulfilled_seq")
        orders.drop_column("fulfilling")
    op.drop_table("feed_cursors")
    op.drop_table("shipments")
