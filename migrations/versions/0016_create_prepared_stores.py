"""Create prepared stores."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, Secret, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "prepared_stores",
        sa.Column("id", BigId, nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("app_url", sa.String(), nullable=False),
        sa.Column("token", Secret(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("prepared_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_stores")),
        sa.UniqueConstraint("domain", name=op.f("uq_prepared_stores_domain")),
    )
    op.create_index("ix_prepared_stores_changed_at_id", "prepared_stores", ["changed_at", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("prepared_stores")
