"""Create alerts and the troubles they tell of; give every shop the slot of its look."""

import sqlalchemy as sa
from alembic import op

from app.db import BigId, Json, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_DEAD = sa.text("dead_at IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "troubles",
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_troubles_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", "cause", name=op.f("pk_troubles")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shop_id", BigId, nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_alerts_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "ix_alerts_shop_id_channel_address", "alerts", ["shop_id", "channel", "address"]
    )
    op.create_index(
        "ix_owed_dead", "owed", ["shop_id", "dead_at"], sqlite_where=_DEAD, postgresql_where=_DEAD
    )
    op.execute(
        "INSERT INTO schedule_slots (shop_id, job, next_at)"
        " SELECT id, 'alerts', installed_at FROM shops"
    )


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM schedule_slots WHERE job = 'alerts'")
    op.drop_index("ix_owed_dead", "owed")
    op.drop_table("alerts")
    op.drop_table("troubles")
