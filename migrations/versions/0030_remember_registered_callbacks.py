"""Remember for what the warehouse was asked to call back."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply: connections made before are asked anew."""
    column = sa.Column("registered", sa.String(), nullable=False, server_default="")
    op.add_column("connections", column)


def downgrade() -> None:
    """Undo."""
    op.drop_column("connections", "registered")
