"""Create the tables of the SKU doctor, and give shops the chore that scans their catalogue."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, UtcDateTime, byte_ordered

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What is known of stock by now is read again: it lacks what it is compared by."""
    op.execute("DELETE FROM catalogue_items")
    op.execute("DELETE FROM warehouse_stock")
    op.execute("DELETE FROM feed_cursors WHERE feed = 'inventory'")
    for table in ("catalogue_items", "warehouse_stock"):
        column = sa.Column("alike", byte_ordered(255), nullable=False)
        with op.batch_alter_table(table) as batch:
            batch.add_column(column)
        op.create_index(f"ix_{table}_shop_id_alike", table, ["shop_id", "alike"])
    _create_catalogues()
    _create_findings()
    op.execute(
        "INSERT INTO schedule_slots (shop_id, job, next_at)"
        " SELECT id, 'scan_catalogue', installed_at FROM shops"
    )


def _create_catalogues() -> None:
    op.create_table(
        "catalogues",
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("scan", sa.Integer(), nullable=False),
        sa.Column("scanned_at", UtcDateTime(), nullable=True),
        sa.Column("changed_until", UtcDateTime(), nullable=True),
        sa.Column("changes_from", UtcDateTime(), nullable=True),
        sa.Column("changes_cursor", sa.String(), nullable=False),
        sa.Column("examining", byte_ordered(255), nullable=True),
        sa.Column("examined_at", UtcDateTime(), nullable=True),
        sa.Column("examined_stock", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_catalogues_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_catalogues")),
    )


def _create_findings() -> None:
    op.create_table(
        "sku_findings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("alike", byte_ordered(255), nullable=False),
        sa.Column("sku", byte_ordered(255), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("title", byte_ordered(255), nullable=False),
        sa.Column("variant", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("warehouse", sa.String(length=255), nullable=False),
        sa.Column("other", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_sku_findings_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sku_findings")),
    )
    names = (["kind", "sku", "id"], ["sku", "id"], ["alike"], ["title"])
    for columns in names:
        every = ["shop_id", *columns]
        op.create_index(f"ix_sku_findings_{'_'.join(every)}", "sku_findings", every)


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM schedule_slots WHERE job = 'scan_catalogue'")
    op.drop_table("sku_findings")
    op.drop_table("catalogues")
    for table in ("catalogue_items", "warehouse_stock"):
        op.drop_index(f"ix_{table}_shop_id_alike", table)
        with op.batch_alter_table(table) as batch:
            batch.drop_column("alike")
