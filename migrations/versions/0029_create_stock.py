"""Create the tables of stock, and give shops the job that updates it."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, UtcDateTime, byte_ordered

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "catalogue_items",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("variant", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("sku", byte_ordered(255), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("tracked", sa.Boolean(), nullable=False),
        sa.Column("bundle", sa.Boolean(), nullable=False),
        sa.Column("scan", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_catalogue_items_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_items")),
        sa.UniqueConstraint("shop_id", "item", name=op.f("uq_catalogue_items_shop_id_item")),
    )
    op.create_index("ix_catalogue_items_shop_id_product", "catalogue_items", ["shop_id", "product"])
    op.create_index(
        "ix_catalogue_items_shop_id_sku_id", "catalogue_items", ["shop_id", "sku", "id"]
    )

    op.create_table(
        "stock_levels",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("wanted", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_stock_levels_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_levels")),
        sa.UniqueConstraint(
            "shop_id", "item", "location", name=op.f("uq_stock_levels_shop_id_item_location")
        ),
    )
    op.create_index("ix_stock_levels_shop_id_due_id", "stock_levels", ["shop_id", "due", "id"])
    op.create_index(
        "ix_stock_levels_shop_id_reason_id", "stock_levels", ["shop_id", "reason", "id"]
    )

    op.create_table(
        "warehouse_stock",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("sku", byte_ordered(255), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("warehouse", sa.String(length=64), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("incoming", sa.BigInteger(), nullable=False),
        sa.Column("told_version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", UtcDateTime(), nullable=True),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_warehouse_stock_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warehouse_stock")),
        sa.UniqueConstraint(
            "connection_id",
            "generation",
            "sku",
            "item",
            "warehouse",
            name=op.f("uq_warehouse_stock_connection_id_generation_sku_item_warehouse"),
        ),
    )
    op.create_index("ix_warehouse_stock_shop_id_item", "warehouse_stock", ["shop_id", "item"])
    op.create_index(
        "ix_warehouse_stock_shop_id_sku_id", "warehouse_stock", ["shop_id", "sku", "id"]
    )
    op.execute(
        "INSERT INTO schedule_slots (shop_id, job, next_at)"
        " SELECT id, 'update_inventory', installed_at FROM shops"
    )


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM schedule_slots WHERE job = 'update_inventory'")
    op.drop_table("warehouse_stock")
    op.drop_table("stock_levels")
    op.drop_table("catalogue_items")
