"""Create returns, and remember which units a warehouse's cancellation took off in Shopify."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: what was cancelled before was told to a person, who may have dealt with it."""
    with op.batch_alter_table("outbound_orders") as table:
        table.add_column(sa.Column("taken_lines", Json, nullable=False, server_default="{}"))
        table.add_column(sa.Column("taking", Json, nullable=True))
        core = sa.Column("wanted_core", sa.String(length=64), nullable=False, server_default="")
        table.add_column(core)
    op.execute("UPDATE outbound_orders SET taken_lines = cancelled_lines")
    op.create_table(
        "returns",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("outbound_order_id", BigId, nullable=True),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("gid", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("announced_at", UtcDateTime(), nullable=True),
        sa.Column("told_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("told", Json, nullable=False),
        sa.Column("disposed", Json, nullable=False),
        sa.Column("attempt", Json, nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_returns_shop_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_returns_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbound_order_id"],
            ["outbound_orders.id"],
            name=op.f("fk_returns_outbound_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint(
            "connection_id",
            "generation",
            "external_id",
            name=op.f("uq_returns_connection_id_generation_external_id"),
        ),
    )
    op.create_index("ix_returns_order_id", "returns", ["order_id"])
    op.create_index("ix_returns_outbound_order_id", "returns", ["outbound_order_id"])
    op.create_index("ix_returns_shop_id_settled_id", "returns", ["shop_id", "settled", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("returns")
    with op.batch_alter_table("outbound_orders") as table:
        table.drop_column("wanted_core")
        table.drop_column("taking")
        table.drop_column("taken_lines")
