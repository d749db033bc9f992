"""Create batches."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("connection_id", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_batches_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_shop_id_job_id", "batches", ["shop_id", "job_id"], unique=False)
    op.create_table(
        "batch_members",
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("outbound_order_id", BigId, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_members_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbound_order_id"],
            ["outbound_orders.id"],
            name=op.f("fk_batch_members_outbound_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "outbound_order_id", name=op.f("pk_batch_members")),
    )
    op.create_index(
        op.f("ix_batch_members_outbound_order_id"),
        "batch_members",
        ["outbound_order_id"],
        unique=False,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("batch_members")
    op.drop_table("batches")
