"""What comes back: returns opened in Shopify, and what the warehouse has of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigId, Json, UtcDateTime
from app.models.order import Order
from app.models.outbound_order import OutboundOrder


class Return(Base):
    """A return of Shopify's (``gid`` to ``lines``), or the part of it that one warehouse order has
    shipped: what the WMS expects under ``external_id``, and what it told of it last
    (``told_version`` to ``told``). Units that were added after a part was announced are a row of
    their own, with an id of their own.

    ``fixed_at``: since when ``lines`` stay as they are, because the WMS may have them so. Without
    an ``outbound_order`` the warehouse never shipped it and is told nothing. ``attempt`` says what
    is being disposed of in Shopify while nobody knows yet whether it was; ``disposed`` what
    Shopify has. ``settled``: Shopify has all there is to have of ``told_version``. ``reason`` and
    ``message`` say what keeps it from going on.
    """

    __tablename__ = "returns"
    __table_args__ = (
        UniqueConstraint("connection_id", "generation", "external_id"),
        Index("ix_returns_order_id", "order_id"),
        Index("ix_returns_outbound_order_id", "outbound_order_id"),
        Index("ix_returns_shop_id_settled_id", "shop_id", "settled", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id", ondelete="CASCADE"))
    outbound_order_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("outbound_orders.id", ondelete="CASCADE")
    )
    connection_id: Mapped[str] = mapped_column(String(36))
    generation: Mapped[int] = mapped_column()
    gid: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[str] = mapped_column(String(16))
    # Order line → its quantity, SKU and reason, the lines of fulfillments that come back, and how
    # many more of them had which end in Shopify before they were announced.
    lines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fixed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_version: Mapped[int] = mapped_column(BigId, default=0)
    state: Mapped[str] = mapped_column(String(16), default="")
    told: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    # Order line → what became of how many units, in Shopify's words.
    disposed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempt: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    settled: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[Order] = relationship()
    outbound_order: Mapped[OutboundOrder | None] = relationship()

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
