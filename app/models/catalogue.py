"""How far Shopify's catalogue is read, and what the SKU doctor found in it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, UtcDateTime, byte_ordered


class Catalogue(Base):
    """A shop's catalogue as far as it is read.

    ``scan``: the number of the last full scan that was begun; ``scanned_at``: when one ended last.
    ``changed_until``: changes up to here are known; ``changes_from`` and ``changes_cursor``: since
    when the changes are being read that are not at their end, and where to go on. ``examining``:
    behind which group of SKUs the doctor goes on; None: it has seen all, last at ``examined_at``.
    ``examined_stock``: the last row of the warehouse's stock that it has seen.
    """

    __tablename__ = "catalogues"

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True
    )
    scan: Mapped[int] = mapped_column(default=0)
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changes_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changes_cursor: Mapped[str] = mapped_column(default="")
    examining: Mapped[str | None] = mapped_column(byte_ordered(255))
    examined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    examined_stock: Mapped[int] = mapped_column(BigInteger, default=0)


class SkuFinding(Base):
    """Something the SKU doctor says of an inventory item, or of a SKU of the warehouse's.

    ``kind`` is one of ``app/domain/skus.py``; ``other`` the SKU that it is confused with;
    ``warehouse`` where it is, when the WMS told of it; ``title`` the name as it is searched by.
    """

    __tablename__ = "sku_findings"
    __table_args__ = (
        Index("ix_sku_findings_shop_id_kind_sku_id", "shop_id", "kind", "sku", "id"),
        Index("ix_sku_findings_shop_id_sku_id", "shop_id", "sku", "id"),
        Index("ix_sku_findings_shop_id_alike", "shop_id", "alike"),
        Index("ix_sku_findings_shop_id_title", "shop_id", "title"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    alike: Mapped[str] = mapped_column(byte_ordered(255))
    sku: Mapped[str] = mapped_column(byte_ordered(255), default="")
    name: Mapped[str] = mapped_column(String(512), default="")
    title: Mapped[str] = mapped_column(byte_ordered(255), default="")
    variant: Mapped[str] = mapped_column(String(64), default="")
    product: Mapped[str] = mapped_column(String(64), default="")
    warehouse: Mapped[str] = mapped_column(String(255), default="")
    other: Mapped[str] = mapped_column(String(255), default="")
