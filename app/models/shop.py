"""A store that installed the app, and its Shopify access token."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigId, Secret, UtcDateTime
from app.domain.zones import zone_named


class Shop(Base):
    """One row per store, kept after an uninstall until Shopify asks for its removal."""

    __tablename__ = "shops"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    scopes: Mapped[str] = mapped_column(default="")
    installed: Mapped[bool] = mapped_column(default=True)
    # The first install. A reinstall does not move it: orders since then are importable.
    installed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uninstalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Orders changed up to here have been compared with Shopify.
    reconciled_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locations: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settings_version: Mapped[int] = mapped_column(default=0)
    settings_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The staff member's Shopify id.
    settings_changed_by: Mapped[str] = mapped_column(String(64), default="")
    # The step of the setup wizard to go on with (1 to 5), and when it was finished.
    setup_step: Mapped[int] = mapped_column(default=1)
    setup_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    token: Mapped["ShopToken | None"] = relationship(
        back_populates="shop", cascade="all, delete-orphan", uselist=False
    )

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone; UTC when it names none we know."""
        return zone_named(self.timezone)


class ShopToken(Base):
    """A store's offline access token. Its row is the lock under which one process at a time
    refreshes it (a lease, so that no transaction is open during the request)."""

    __tablename__ = "shop_tokens"

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True
    )
    access_token: Mapped[str | None] = mapped_column(Secret)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refresh_token: Mapped[str | None] = mapped_column(Secret)
    refresh_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    obtained_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Until then one process is exchanging the refresh token; the others leave it alone.
    refreshing_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    shop: Mapped[Shop] = relationship(back_populates="token")
