"""Effects that are owed: the outbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, UtcDateTime

_DEAD = text("dead_at IS NOT NULL")


class Owed(Base):
    """One effect owed to one subject, with a counter: owing twice is doing once.

    ``owed_seq`` counts how often it was asked for; a claim copies it to ``claimed_seq``, and only
    when both still agree does finishing delete the row. ``unfinished`` tells a claim that the
    attempt before it never reported back. ``held_until`` holds whatever ``due_at`` says (the other
    side's Retry-After).
    """

    __tablename__ = "owed"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "effect"),
        Index("ix_owed_shop_id_effect_due_at", "shop_id", "effect", "due_at"),
        Index("ix_owed_due_at", "due_at"),
        Index("ix_owed_dead", "shop_id", "dead_at", sqlite_where=_DEAD, postgresql_where=_DEAD),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    subject_type: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(36))
    effect: Mapped[str] = mapped_column(String(16))
    lane: Mapped[str] = mapped_column(String(8), default="default")
    owed_seq: Mapped[int] = mapped_column(default=1)
    claimed_seq: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unfinished: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
