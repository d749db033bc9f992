"""Create outbound orders."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "outbound_orders",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("fulfillment_order", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("warehouse", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("wanted_revision", sa.Integer(), nullable=False),
        sa.Column("wanted_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_revision", sa.Integer(), nullable=False),
        sa.Column("sent_hash", sa.String(length=64), nullable=False),
        sa.Column("confirmed_revision", sa.Integer(), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("confirmed_lines", Json, nullable=False),
        sa.Column("fulfilled_lines", Json, nullable=False),
        sa.Column("held_back", sa.Boolean(), nullable=False),
        sa.Column("carries_cod", sa.Boolean(), nullable=False),
        sa.Column("cancel_wanted", sa.Boolean(), nullable=False),
        sa.Column("wms_id", sa.String(length=128), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_outbound_orders_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_outbound_orders_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_orders")),
        sa.UniqueConstraint(
            "connection_id",
            "generation",
            "external_id",
            name=op.f("uq_outbound_orders_connection_id_generation_external_id"),
        ),
    )
    op.create_index(
        "ix_outbound_orders_fulfillment_order",
        "outbound_orders",
        ["fulfillment_order"],
        unique=False,
    )
    op.create_index("ix_outbound_orders_order_id", "outbound_orders", ["order_id"], unique=False)
    op.create_index(
        "ix_outbound_orders_shop_id_job_id", "outbound_orders", ["shop_id", "job_id"], unique=False
    )
    op.create_index(
        "ix_outbound_orders_shop_id_state_retry_at",
        "outbound_orders",
        ["shop_id", "state", "retry_at"],
        unique=False,
    )
    op.create_table(
        "revisions",
        sa.Column("outbound_order_id", BigId, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("first_posted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbound_order_id"],
            ["outbound_orders.id"],
            name=op.f("fk_revisions_outbound_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outbound_order_id", "revision", name=op.f("pk_revisions")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("revisions")
    op.drop_table("outbound_orders")
