"""Create shops."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, Secret, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "shops",
        sa.Column("id", BigId, nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("installed", sa.Boolean(), nullable=False),
        sa.Column("installed_at", UtcDateTime(), nullable=False),
        sa.Column("uninstalled_at", UtcDateTime(), nullable=True),
        sa.Column("reconciled_until", UtcDateTime(), nullable=True),
        sa.Column("locations", Json, nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("domain", name=op.f("uq_shops_domain")),
    )
    op.create_table(
        "shop_tokens",
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("access_token", Secret(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("refresh_token", Secret(), nullable=True),
        sa.Column("refresh_expires_at", UtcDateTime(), nullable=True),
        sa.Column("obtained_at", UtcDateTime(), nullable=False),
        sa.Column("refreshing_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_shop_tokens_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_shop_tokens")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("shop_tokens")
    op.drop_table("shops")
