"""What Shopify and the WMS told us, kept until it has been acted on."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, UtcDateTime

SHOPIFY, WMS = "shopify", "wms"


class InboxItem(Base):
    """A webhook or callback. No personal data: ids, tags, times and a hash of the content."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("shop_id", "source", "message_id"),
        Index("ix_inbox_shop_id_done_at_id", "shop_id", "done_at", "id"),
        Index("ix_inbox_received_at", "received_at"),
        Index("ix_inbox_shop_id_subject", "shop_id", "subject"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(8))
    message_id: Mapped[str] = mapped_column(String(128))
    topic: Mapped[str] = mapped_column(String(64))
    # The order's gid, or for a callback the job's id.
    subject: Mapped[str] = mapped_column(String(64), default="")
    # The few facts a handler needs: name, created_at, our own tags, ids.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    order_updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(32), default="")
