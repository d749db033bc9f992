"""Create log lines."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "log_lines",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("order_id", BigId, nullable=True),
        sa.Column("order_name", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_log_lines_order_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_log_lines_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_lines")),
    )
    op.create_index("ix_log_lines_order_id_id", "log_lines", ["order_id", "id"], unique=False)
    op.create_index("ix_log_lines_shop_id_at", "log_lines", ["shop_id", "at"], unique=False)
    op.create_index("ix_log_lines_shop_id_id", "log_lines", ["shop_id", "id"], unique=False)
    op.create_index(
        "ix_log_lines_shop_id_job_id_id", "log_lines", ["shop_id", "job_id", "id"], unique=False
    )
    op.create_index(
        "ix_log_lines_shop_id_order_name_id",
        "log_lines",
        ["shop_id", "order_name", "id"],
        unique=False,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("log_lines")
