"""Index what log lines are filtered by."""

import sqlalchemy as sa
from alembic import op

from app.db import byte_ordered

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_NOTICED, _OF_A_RUN = sa.text("level <> 'info'"), sa.text("kind <> ''")


def upgrade() -> None:
    """Apply. Lines of a run learn its kind."""
    kind = sa.Column("kind", sa.String(32), nullable=False, server_default="")
    op.add_column("log_lines", kind)
    op.execute(
        "UPDATE log_lines SET kind = runs.kind FROM runs"
        " WHERE log_lines.run_id <> '' AND runs.id = log_lines.run_id"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("log_lines", "job_id", type_=byte_ordered(64))
    for name, columns, condition in (
        ("ix_log_lines_noticed", ["shop_id", "at"], _NOTICED),
        ("ix_log_lines_of_runs", ["shop_id", "kind", "at"], _OF_A_RUN),
    ):
        op.create_index(
            name, "log_lines", columns, sqlite_where=condition, postgresql_where=condition
        )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_log_lines_of_runs", "log_lines")
    op.drop_index("ix_log_lines_noticed", "log_lines")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("log_lines", "job_id", type_=sa.String(64))
    with op.batch_alter_table("log_lines") as table:
        table.drop_column("kind")
