"""The log that merchants read."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, UtcDateTime, byte_ordered

_ERRORS = text("level = 'error'")
_NOTICED = text("level <> 'info'")
_OF_RUNS = text("kind <> ''")


class LogLine(Base):
    """One event. ``event`` is its kind (sent, confirmed, rejected…), ``message`` a sentence.

    ``kind`` is that of the run it belongs to, and empty when it belongs to none.
    """

    __tablename__ = "log_lines"
    __table_args__ = (
        Index("ix_log_lines_shop_id_id", "shop_id", "id"),
        Index("ix_log_lines_shop_id_at", "shop_id", "at"),
        Index("ix_log_lines_shop_id_order_name_id", "shop_id", "order_name", "id"),
        Index("ix_log_lines_shop_id_job_id_id", "shop_id", "job_id", "id"),
        Index("ix_log_lines_order_id_id", "order_id", "id"),
        # Few lines are errors: operators count them for a hundred stores at once.
        Index(
            "ix_log_lines_errors",
            "shop_id",
            "at",
            sqlite_where=_ERRORS,
            postgresql_where=_ERRORS,
        ),
        Index(
            "ix_log_lines_noticed",
            "shop_id",
            "at",
            sqlite_where=_NOTICED,
            postgresql_where=_NOTICED,
        ),
        Index(
            "ix_log_lines_of_runs",
            "shop_id",
            "kind",
            "at",
            sqlite_where=_OF_RUNS,
            postgresql_where=_OF_RUNS,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    level: Mapped[str] = mapped_column(String(8))
    event: Mapped[str] = mapped_column(String(32))
    order_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("orders.id", ondelete="SET NULL")
    )
    order_name: Mapped[str] = mapped_column(String(64), default="")
    job_id: Mapped[str] = mapped_column(byte_ordered(64), default="")
    run_id: Mapped[str] = mapped_column(String(36), default="")
    kind: Mapped[str] = mapped_column(String(32), default="")
    actor: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column()
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
