"""Stock: Shopify's catalogue, what the warehouse has of it, and what Shopify was told."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, Json, UtcDateTime, byte_ordered
from app.domain.skus import alike


def _alike(row: DefaultExecutionContext) -> str:
    given = row.get_current_parameters()  # type: ignore[no-untyped-call]
    return alike(given.get("sku", ""), given.get("item", ""))


_DUE, _UNSENT = text("due"), text("unsent <> 0")


class CatalogueItem(Base):
    """An inventory item of the shop, and the variant that is sold of it.

    ``bundle``: made of other items, so that it has no stock of its own. ``scan``: the number of the
    last full scan that found it; what an ended scan has not found is gone from the shop. ``alike``
    is the same for all SKUs that differ by case or spaces only.
    """

    __tablename__ = "catalogue_items"
    __table_args__ = (
        UniqueConstraint("shop_id", "item"),
        Index("ix_catalogue_items_shop_id_sku_id", "shop_id", "sku", "id"),
        Index("ix_catalogue_items_shop_id_product", "shop_id", "product"),
        Index("ix_catalogue_items_shop_id_alike", "shop_id", "alike"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(64))
    variant: Mapped[str] = mapped_column(String(64), default="")
    product: Mapped[str] = mapped_column(String(64), default="")
    sku: Mapped[str] = mapped_column(byte_ordered(255), default="")
    name: Mapped[str] = mapped_column(String(512), default="")
    tracked: Mapped[bool] = mapped_column(default=True)
    bundle: Mapped[bool] = mapped_column(default=False)
    scan: Mapped[int] = mapped_column(default=0)
    alike: Mapped[str] = mapped_column(byte_ordered(255), default=_alike)


class WarehouseStock(Base):
    """What a warehouse has of a SKU, as the WMS told last: absolute quantities, a version that only
    grows. ``item`` is Shopify's inventory item, where the WMS knows it. ``snapshot``: the number of
    the last reading from an empty cursor that told of it; ``older``: so far with a lower version
    than is known, or with another quantity under the same.

    ``target`` and ``location``: the inventory item and the place that it counts for; ``reason``:
    why it counts for none. ``due``: to be matched again.
    """

    __tablename__ = "warehouse_stock"
    __table_args__ = (
        UniqueConstraint("connection_id", "generation", "sku", "item", "warehouse"),
        Index("ix_warehouse_stock_shop_id_sku_id", "shop_id", "sku", "id"),
        Index("ix_warehouse_stock_shop_id_item", "shop_id", "item"),
        Index("ix_warehouse_stock_shop_id_target", "shop_id", "target"),
        Index("ix_warehouse_stock_shop_id_reason_id", "shop_id", "reason", "id"),
        Index("ix_warehouse_stock_due", "shop_id", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_warehouse_stock_shop_id_alike", "shop_id", "alike"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    connection_id: Mapped[str] = mapped_column(String(36))
    generation: Mapped[int] = mapped_column()
    sku: Mapped[str] = mapped_column(byte_ordered(255), default="")
    item: Mapped[str] = mapped_column(String(64), default="")
    warehouse: Mapped[str] = mapped_column(String(64), default="")
    on_hand: Mapped[int] = mapped_column(BigInteger, default=0)
    available: Mapped[int] = mapped_column(BigInteger, default=0)
    incoming: Mapped[int] = mapped_column(BigInteger, default=0)
    told_version: Mapped[int] = mapped_column(BigInteger, default=0)
    as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snapshot: Mapped[int] = mapped_column(default=0)
    older: Mapped[bool] = mapped_column(default=False)
    target: Mapped[str] = mapped_column(String(64), default="")
    location: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(String(32), default="")
    due: Mapped[bool] = mapped_column(default=True)
    alike: Mapped[str] = mapped_column(byte_ordered(255), default=_alike)


class StockReading(Base):
    """How far a shop's warehouse has told of its stock. ``snapshot`` numbers the readings from an
    empty cursor, the last of which began at ``begun_at``; ``complete`` is the last one that came to
    its end. Everything that happened there before ``told_until``, by our clock, is known.

    ``compared_at``: when people were last shown what setting it would change, and ``places`` the
    location that each warehouse counted for then. ``counted`` adds up what was done, ``problem`` is
    what keeps all of it from being done.
    """

    __tablename__ = "stock_readings"

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True
    )
    snapshot: Mapped[int] = mapped_column(default=0)
    complete: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    compared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    places: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    counted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str] = mapped_column(String(32), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class StockLevel(Base):
    """An inventory item at a location of the shop: what Shopify has available there as far as we
    know (``seen``), what it should have (``wanted``), and what we set last (``told``).

    ``due``: to be judged again, and set if it differs. ``reason`` and ``message`` say why it is
    left alone. ``unsent``: the units in ``wanted`` of orders that the warehouse does not know yet.
    ``expected``: what Shopify should have had when it turned out to have another quantity.
    """

    __tablename__ = "stock_levels"
    __table_args__ = (
        UniqueConstraint("shop_id", "item", "location"),
        Index("ix_stock_levels_shop_id_due_id", "shop_id", "due", "id"),
        Index("ix_stock_levels_shop_id_reason_id", "shop_id", "reason", "id"),
        Index(
            "ix_stock_levels_unsent",
            "shop_id",
            "id",
            sqlite_where=_UNSENT,
            postgresql_where=_UNSENT,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(64))
    seen: Mapped[int | None] = mapped_column(BigInteger)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wanted: Mapped[int | None] = mapped_column(BigInteger)
    told: Mapped[int | None] = mapped_column(BigInteger)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unsent: Mapped[int] = mapped_column(BigInteger, default=0)
    expected: Mapped[int | None] = mapped_column(BigInteger)
    due: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
