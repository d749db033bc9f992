"""What the warehouse has shipped, and what Shopify has of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigId, Json, UtcDateTime, byte_ordered
from app.models.outbound_order import OutboundOrder


class Shipment(Base):
    """A shipment as the WMS told last (``number`` to ``documents``), and how far Shopify has it.

    ``attempt`` says what is being fulfilled while nobody knows yet whether it was: it is looked up
    before it is tried again. ``settled``: Shopify has all there is to have of ``told_version``;
    ``reason`` and ``message`` say why not, when it can't have it.
    """

    __tablename__ = "shipments"
    __table_args__ = (
        UniqueConstraint("connection_id", "generation", "number"),
        Index("ix_shipments_order_id", "order_id"),
        Index("ix_shipments_outbound_order_id", "outbound_order_id"),
        Index("ix_shipments_shop_id_settled_id", "shop_id", "settled", "id"),
        Index("ix_shipments_shop_id_fulfillment", "shop_id", "fulfillment"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id", ondelete="CASCADE"))
    outbound_order_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("outbound_orders.id", ondelete="CASCADE")
    )
    connection_id: Mapped[str] = mapped_column(String(36))
    generation: Mapped[int] = mapped_column()
    number: Mapped[str] = mapped_column(byte_ordered(128))
    told_version: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(32))
    # Order line → quantity.
    lines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    packages: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    documents: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fulfillment: Mapped[str] = mapped_column(String(64), default="")
    # Of the fulfillment: units, tracking, the last state told, whether it was taken back.
    pushed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempt: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    settled: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    outbound_order: Mapped[OutboundOrder] = relationship()

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class FeedCursor(Base):
    """How far a feed of a warehouse account has been read."""

    __tablename__ = "feed_cursors"

    connection_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    feed: Mapped[str] = mapped_column(String(16), primary_key=True)
    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), index=True
    )
    cursor: Mapped[str] = mapped_column(Text, default="")
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
