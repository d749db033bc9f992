"""Remember since when what was announced of a return stays as it is."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: the warehouse has what was announced."""
    with op.batch_alter_table("returns") as table:
        table.add_column(sa.Column("fixed_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE returns SET fixed_at = announced_at")


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("returns") as table:
        table.drop_column("fixed_at")
