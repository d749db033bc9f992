"""How many orders a store's warehouse confirmed in a week: what operators bill by."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId


class StoreWeek(Base):
    """One row per store and ISO week (its Monday, in UTC) with at least one order confirmed.

    It outlives the log's retention. When Shopify asks for a store's removal the row stays without
    its store, so that a count that was billed does not change afterwards.
    """

    __tablename__ = "store_weeks"
    __table_args__ = (
        UniqueConstraint("week", "shop_id"),
        Index("ix_store_weeks_shop_id_week", "shop_id", "week"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("shops.id", ondelete="SET NULL"))
    week: Mapped[date] = mapped_column()
    orders: Mapped[int] = mapped_column(default=0)
