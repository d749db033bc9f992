"""Create connections."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, Secret, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "connections",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("app_url", sa.String(), nullable=False),
        sa.Column("token", Secret(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_since", UtcDateTime(), nullable=False),
        sa.Column("status_message", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("other_account", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("info", Json, nullable=False),
        sa.Column("max_batch", sa.Integer(), nullable=False),
        sa.Column("default_warehouse", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", UtcDateTime(), nullable=True),
        sa.Column("callback_secret", Secret(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_connections_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("shop_id", name=op.f("uq_connections_shop_id")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("connections")
