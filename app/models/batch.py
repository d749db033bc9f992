"""One request of orders to the WMS, committed before it is made."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigId, UtcDateTime, byte_ordered

POSTING, RUNNING, ANSWERED, ABANDONED = "posting", "running", "answered", "abandoned"
_FULL = text("emptied_at IS NULL")


class Batch(Base):
    """The exact bytes and the Idempotency-Key (the id) they go under. The bytes are kept only
    while they may have to go once more.

    ``state``: posting (its outcome is unknown until recorded), running (the WMS works on job
    ``job_id``), answered, abandoned (its connection generation is over). ``answered_at``: when the
    WMS took it on, and once it is answered, when that was.
    """

    __tablename__ = "batches"
    __table_args__ = (
        Index("ix_batches_shop_id_job_id", "shop_id", "job_id"),
        Index(
            "ix_batches_full",
            "shop_id",
            "created_at",
            sqlite_where=_FULL,
            postgresql_where=_FULL,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    connection_id: Mapped[str] = mapped_column(String(36))
    generation: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(16), default=POSTING)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    job_id: Mapped[str] = mapped_column(byte_ordered(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the people in its documents were let go of, for it is older than the shop keeps.
    emptied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Until it is accepted: how often the WMS had not received it. Since then: looks at the job; the
    # wait before the next one grows with them.
    checks: Mapped[int] = mapped_column(default=0)

    members: Mapped[list["BatchMember"]] = relationship(
        back_populates="batch", cascade="all, delete-orphan"
    )


class BatchMember(Base):
    """An outbound order's revision within a batch."""

    __tablename__ = "batch_members"

    batch_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    outbound_order_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("outbound_orders.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    revision: Mapped[int] = mapped_column()
    # What the WMS answered about it in the end: its result, the order as looked up, or a refusal.
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    batch: Mapped[Batch] = relationship(back_populates="members")
