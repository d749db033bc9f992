"""Create store weeks."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "store_weeks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_store_weeks_shop_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_weeks")),
        sa.UniqueConstraint("week", "shop_id", name=op.f("uq_store_weeks_week_shop_id")),
    )
    op.create_index("ix_store_weeks_shop_id_week", "store_weeks", ["shop_id", "week"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("store_weeks")
