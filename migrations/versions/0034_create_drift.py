"""Create the tables of the drift report, and give shops the nightly comparison."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "drift_looks",
        sa.Column("order_id", BigId, autoincrement=False, nullable=False),
        sa.Column("order_updated_at", UtcDateTime(), nullable=True),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("compared_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_drift_looks_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_drift_looks")),
    )
    op.create_table(
        "drift_rows",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("repair", sa.String(length=16), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("order_id", BigId, nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("shopify", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("about", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_drift_rows_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_drift_rows_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift_rows")),
        sa.UniqueConstraint("shop_id", "key", name=op.f("uq_drift_rows_shop_id_key")),
    )
    op.create_index("ix_drift_rows_order_id", "drift_rows", ["order_id"])
    op.create_index(
        "ix_drift_rows_shop_id_state_found_at", "drift_rows", ["shop_id", "state", "found_at"]
    )
    op.create_index(
        "ix_drift_rows_shop_id_state_kind_found_at",
        "drift_rows",
        ["shop_id", "state", "kind", "found_at"],
    )
    op.execute(
        "INSERT INTO schedule_slots (shop_id, job, next_at)"
        " SELECT id, 'drift', installed_at FROM shops"
    )


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM schedule_slots WHERE job = 'drift'")
    op.drop_table("drift_rows")
    op.drop_table("drift_looks")
