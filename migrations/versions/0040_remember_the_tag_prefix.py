"""Remember the tag prefix, which stays once there are orders."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: the next process to start writes down the prefix that it is set to."""
    op.create_table(
        "deployments",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tag_prefix", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployments")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("deployments")
