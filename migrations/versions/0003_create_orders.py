"""Create orders."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "orders",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("gid", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=True),
        sa.Column("order_updated_at", UtcDateTime(), nullable=True),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("tracked", sa.Boolean(), nullable=False),
        sa.Column("taken_out", sa.Boolean(), nullable=False),
        sa.Column("manual", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("tag_state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("tags_written", Json, nullable=False),
        sa.Column("tags_before", Json, nullable=False),
        sa.Column("tags_written_at", UtcDateTime(), nullable=True),
        sa.Column("tags_seen", Json, nullable=False),
        sa.Column("tag_pending", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_orders_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("shop_id", "gid", name=op.f("uq_orders_shop_id_gid")),
    )
    op.create_index("ix_orders_shop_id_name", "orders", ["shop_id", "name"], unique=False)
    op.create_index("ix_orders_shop_id_placed_at", "orders", ["shop_id", "placed_at"], unique=False)
    op.create_index(
        "ix_orders_shop_id_tag_state_placed_at",
        "orders",
        ["shop_id", "tag_state", "placed_at"],
        unique=False,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("orders")
