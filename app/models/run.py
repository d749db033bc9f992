"""A piece of work someone started: a person's send, a scheduled job."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, UtcDateTime


class Run(Base):
    """When, who or what started it, counts, outcome. ``kind``: send, status, or a job's name."""

    __tablename__ = "runs"
    __table_args__ = (Index("ix_runs_shop_id_kind_started_at", "shop_id", "kind", "started_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    # "schedule", or the staff member's Shopify id.
    started_by: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(16), default="")
    message: Mapped[str] = mapped_column(default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Where a long run goes on: the last order handled.
    cursor: Mapped[str] = mapped_column(default="")


class RunItem(Base):
    """One order within a run. ``outcome`` is empty until something is known."""

    __tablename__ = "run_items"
    __table_args__ = (Index("ix_run_items_order_id_final", "order_id", "final"),)

    run_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    order_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True
    )
    outcome: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column(default="")
    final: Mapped[bool] = mapped_column(default=False)


class ScheduleSlot(Base):
    """When a shop's job runs next. Any number of tickers may race for it; one wins."""

    __tablename__ = "schedule_slots"

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True
    )
    job: Mapped[str] = mapped_column(String(32), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
