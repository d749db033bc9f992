"""What the warehouse is asked to ship: one row per fulfillment order at a mapped location."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigId, Json, UtcDateTime, byte_ordered

if TYPE_CHECKING:
    from app.models.order import Order


class OutboundOrder(Base):
    """A warehouse order. Its ``state`` is the key of the transition table.

    ``external_id`` names it at the WMS: the fulfillment order's gid, with ``#<n>`` after a
    whole move. ``wanted_revision`` is what the WMS should have, ``sent_revision`` what was last
    attempted, ``confirmed_revision`` what it has accepted (0 = none).
    """

    __tablename__ = "outbound_orders"
    __table_args__ = (
        UniqueConstraint("connection_id", "generation", "external_id"),
        Index("ix_outbound_orders_order_id", "order_id"),
        Index("ix_outbound_orders_fulfillment_order", "fulfillment_order"),
        Index("ix_outbound_orders_shop_id_state_retry_at", "shop_id", "state", "retry_at"),
        Index("ix_outbound_orders_shop_id_job_id", "shop_id", "job_id"),
        Index("ix_outbound_orders_shop_id_look_at", "shop_id", "look_at"),
        Index("ix_outbound_orders_shop_id_wms_id", "shop_id", "wms_id"),
        Index("ix_outbound_orders_shop_id_warehouse_order_id", "shop_id", "warehouse", "order_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("orders.id", ondelete="CASCADE"))
    connection_id: Mapped[str] = mapped_column(String(36))
    generation: Mapped[int] = mapped_column()
    fulfillment_order: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str] = mapped_column(String(80))
    location: Mapped[str] = mapped_column(String(64), default="")
    warehouse: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(16), default="planned")
    wanted_revision: Mapped[int] = mapped_column(default=1)
    wanted_hash: Mapped[str] = mapped_column(String(64), default="")
    # Of what was last wanted, without the quantities and what a refund changes.
    wanted_core: Mapped[str] = mapped_column(String(64), default="")
    sent_revision: Mapped[int] = mapped_column(default=0)
    sent_hash: Mapped[str] = mapped_column(String(64), default="")
    confirmed_revision: Mapped[int] = mapped_column(default=0)
    # line_id → quantity: wanted now; confirmed at the WMS; fulfilled in Shopify by Tagdock.
    lines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    confirmed_lines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fulfilled_lines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # What had left when the warehouse lost it: shipment → lines. It was asked for the rest since.
    shipped_before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # What the warehouse cancelled by itself, and the ids of the cancellations taken in.
    cancelled_lines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cancellations: Mapped[list[str]] = mapped_column(default=list)
    # Of those, what Shopify no longer asks for; and the refund that is taking units off just now.
    taken_lines: Mapped[dict[str, Any]] = mapped_column(default=dict)
    taking: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    # Units that it lost and that the WMS was asked for, until it gives them back (units_back.py).
    asked_back: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    # Another outbound order must first lose units that this one gains.
    held_back: Mapped[bool] = mapped_column(default=False)
    carries_cod: Mapped[bool] = mapped_column(default=False)
    cancel_wanted: Mapped[bool] = mapped_column(default=False)
    # Whether the WMS should hold it, and whether it does, because the order was edited.
    hold_wanted: Mapped[bool] = mapped_column(default=False)
    held: Mapped[bool] = mapped_column(default=False)
    # How the WMS said it stands, whether it holds it for a reason of its own, and when to ask next.
    wms_state: Mapped[str] = mapped_column(String(32), default="")
    wms_held: Mapped[bool] = mapped_column(default=False)
    hold_reason: Mapped[str] = mapped_column(default="")
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Our hold in Shopify that shows the WMS's own.
    shopify_hold: Mapped[str] = mapped_column(String(64), default="")
    # By when it must leave: as Shopify wants it, as it was last sent, as the WMS has it; and whom
    # the newest of these is still to be told.
    ship_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_ship_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wms_ship_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ship_by_for: Mapped[str] = mapped_column(String(8), default="")
    # Whether Shopify was told that the WMS is at work on it, or refused to be told.
    progress: Mapped[str] = mapped_column(String(8), default="")
    wms_id: Mapped[str] = mapped_column(byte_ordered(128), default="")
    job_id: Mapped[str] = mapped_column(byte_ordered(64), default="")
    reason: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column(default="")
    # Tries of the present content that the WMS refused, and when the next one is due.
    tries: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped["Order"] = relationship(back_populates="outbound_orders")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def are_units_as_confirmed(self) -> bool:
        """Whether the WMS has, or has shipped, just the units that are wanted of it."""
        return self.lines == {line: n for line, n in self.confirmed_lines.items() if n > 0}

    @property
    def fulfilled_of_it(self) -> dict[str, int]:
        """Of what the WMS is asked for, what Tagdock has fulfilled."""
        return fulfilled_since(self.fulfilled_lines, self.shipped_before)


def fulfilled_since(
    fulfilled: Mapping[str, int], before: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """Units by order line that were fulfilled, without those that left before a loss."""
    left = dict(fulfilled)
    for lines in before.values():
        for line, number in lines.items():
            left[line] = max(0, left.get(line, 0) - number)
    return left


class Revision(Base):
    """A document as first posted under a revision. What it asks for, and the hash of what it said,
    stay, but that one the WMS has refused gets the content of the one before when the WMS takes a
    cancellation under its number (``app/sync/revisions.py``). People may be taken out of it."""

    __tablename__ = "revisions"

    outbound_order_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("outbound_orders.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column()
    first_posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
