"""Index what home counts."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NAME = "ix_orders_shop_id_deleted_tag_state_reason"


def upgrade() -> None:
    """Apply."""
    op.create_index(_NAME, "orders", ["shop_id", "deleted", "tag_state", "reason"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(_NAME, "orders")
