"""Add error index to log lines."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ERRORS = sa.text("level = 'error'")


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_log_lines_errors",
        "log_lines",
        ["shop_id", "at"],
        sqlite_where=_ERRORS,
        postgresql_where=_ERRORS,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_log_lines_errors", "log_lines")
