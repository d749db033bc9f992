"""Keep versions of shipments and returns of up to 63 bits, and until when a warehouse asked to be
left alone."""

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_TOLD = ("shipments", "returns")


def upgrade() -> None:
    """Apply. An integer of SQLite has 64 bits anyway."""
    if op.get_bind().dialect.name == "postgresql":
        for table in _TOLD:
            op.alter_column(table, "told_version", type_=sa.BigInteger())
    op.add_column("connections", sa.Column("paced_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Undo. A version that doesn't fit becomes the highest that does."""
    op.drop_column("connections", "paced_until")
    if op.get_bind().dialect.name == "postgresql":
        for table in _TOLD:
            op.alter_column(
                table,
                "told_version",
                type_=sa.Integer(),
                postgresql_using="least(told_version, 2147483647)::integer",
            )
