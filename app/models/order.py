"""A Shopify order as Tagdock knows it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base, BigId, UtcDateTime
from app.domain.facts import Facts
from app.domain.stock import kept
from app.models.outbound_order import OutboundOrder

_ASKS = text("asks")


class Order(Base):
    """One row per (shop, Shopify order). No personal data.

    ``facts`` is what the gates and the plan need of the last read. ``tag_state`` and ``reason`` are
    derived from the outbound orders by ``engine`` alone, and stored only to list and count by.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("shop_id", "gid"),
        Index("ix_orders_shop_id_tag_state_placed_at", "shop_id", "tag_state", "placed_at"),
        Index("ix_orders_shop_id_placed_at", "shop_id", "placed_at"),
        Index("ix_orders_shop_id_reason_placed_at", "shop_id", "reason", "placed_at"),
        Index("ix_orders_shop_id_name", "shop_id", "name"),
        # Home counts by it, without a look at the rows.
        Index(
            "ix_orders_shop_id_deleted_tag_state_reason",
            "shop_id",
            "deleted",
            "tag_state",
            "reason",
        ),
        Index(
            "ix_orders_asking",
            "shop_id",
            "tag_state",
            sqlite_where=_ASKS,
            postgresql_where=_ASKS,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    gid: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(default="")
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Shopify's time of the last that is known of it, our own tags too; and of what was read of it.
    order_updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tracked: Mapped[bool] = mapped_column(default=False)
    # A person took it out of automation: it does not come back by itself.
    taken_out: Mapped[bool] = mapped_column(default=False)
    # A person asked for this send: the gates a person overrides are open until it is done.
    manual: Mapped[bool] = mapped_column(default=False)
    # A person asked for it, and nothing went yet: those gates stay open while another is closed.
    put_in: Mapped[bool] = mapped_column(default=False)
    # Something of it is at a location that nobody has mapped yet.
    unplanned: Mapped[bool] = mapped_column(default=False)
    # A fulfillment was cancelled in Shopify: what is open again waits for a person.
    returned: Mapped[bool] = mapped_column(default=False)
    # By the merchant's rule it is an error until it is mended.
    failing: Mapped[bool] = mapped_column(default=False)
    # Its send, or the look-up that comes before one, lies among the dead letters.
    given_up: Mapped[bool] = mapped_column(default=False)
    # Shopify no longer shows it (older than 60 days without read_all_orders): frozen.
    hidden: Mapped[bool] = mapped_column(default=False)
    deleted: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Whether by its facts something of it is still to be shipped; it follows them by itself.
    asks: Mapped[bool] = mapped_column(default=False)
    # How many units that is, by place (``app/domain/stock.py``: ``kept``); it follows them too.
    keeps: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    tag_state: Mapped[str] = mapped_column(String(16), default="untracked")
    reason: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column(default="")
    # State tags: last read back after a write; those before it; last seen; the one being written.
    tags_written: Mapped[list[str]] = mapped_column(default=list)
    tags_before: Mapped[list[str]] = mapped_column(default=list)
    tags_written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tags_seen: Mapped[list[str]] = mapped_column(default=list)
    tag_pending: Mapped[str] = mapped_column(String(40), default="")
    # Whether units of it are being fulfilled in Shopify, and how often that was done: a read that
    # was asked for before knows less than we do.
    fulfilling: Mapped[bool] = mapped_column(default=False)
    fulfilled_seq: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    outbound_orders: Mapped[list[OutboundOrder]] = relationship(
        back_populates="order", order_by=OutboundOrder.id, cascade="all, delete-orphan"
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @validates("facts")
    def _follow_facts(self, _name: str, facts: dict[str, Any]) -> dict[str, Any]:
        known = Facts.from_json(facts)
        self.asks = not (known.cancelled or known.closed) and bool(known.live_parts)
        self.keeps = kept(known)
        return facts
