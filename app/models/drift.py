"""Where Shopify and the warehouse differ at rest, and which orders were found alike."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, Json, UtcDateTime

OPEN, REPAIRING, GONE = "open", "repairing", "gone"


class DriftRow(Base):
    """A difference. ``key`` names it within the shop: found again it is the same row.

    ``kind`` and ``repair`` are those of ``app/domain/drift.py``; ``about`` is what the repair needs
    to know. ``side``: what has to be asked to know whether it is over. ``seen_at``: when it was
    last looked at, ``asked_at`` when a person wanted it repaired.
    """

    __tablename__ = "drift_rows"
    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        Index("ix_drift_rows_shop_id_state_kind_found_at", "shop_id", "state", "kind", "found_at"),
        Index("ix_drift_rows_shop_id_state_found_at", "shop_id", "state", "found_at"),
        Index("ix_drift_rows_order_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    repair: Mapped[str] = mapped_column(String(16), default="")
    side: Mapped[str] = mapped_column(String(16))
    order_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("orders.id", ondelete="CASCADE"), default=None
    )
    # The order's gid, or the inventory item's; and what people call it.
    subject: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(255), default="")
    shopify: Mapped[str] = mapped_column(default="")
    warehouse: Mapped[str] = mapped_column(default="")
    about: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(16), default=OPEN)
    message: Mapped[str] = mapped_column(default="")
    run_id: Mapped[str] = mapped_column(String(36), default="")
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class DriftLook(Base):
    """An order that was found alike. ``order_updated_at`` is Shopify's time of it then, ``mark``
    a sum that changes whenever our rows of it do: while both stand, it need not be read again."""

    __tablename__ = "drift_looks"

    order_id: Mapped[int] = mapped_column(
        BigId,
        ForeignKey("orders.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    order_updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mark: Mapped[int] = mapped_column(BigInteger)
    compared_at: Mapped[datetime] = mapped_column(UtcDateTime)
