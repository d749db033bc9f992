"""Add emptied to batches; give every shop the daily slot that empties them."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_FULL = sa.text("emptied_at IS NULL")
_INDEX = "ix_batches_full"


def upgrade() -> None:
    """Apply."""
    op.add_column("batches", sa.Column("emptied_at", UtcDateTime(), nullable=True))
    op.create_index(
        _INDEX, "batches", ["shop_id", "created_at"], sqlite_where=_FULL, postgresql_where=_FULL
    )
    op.execute(
        "INSERT INTO schedule_slots (shop_id, job, next_at)"
        " SELECT id, 'prune', installed_at FROM shops"
    )


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM schedule_slots WHERE job = 'prune'")
    op.drop_index(_INDEX, "batches")
    with op.batch_alter_table("batches") as table:
        table.drop_column("emptied_at")
