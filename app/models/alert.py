"""What is wrong with a shop, and the alerts about it that are still to be given."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, UtcDateTime

EMAIL, WEBHOOK = "email", "webhook"


class Trouble(Base):
    """A cause for alerts. ``since`` is empty while all is well; ``told_at`` is the last alert,
    ``told`` whether it was of the trouble that lasts now, ``size`` how large that was."""

    __tablename__ = "troubles"

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True
    )
    cause: Mapped[str] = mapped_column(String(16), primary_key=True)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class Alert(Base):
    """One message to one recipient, gone once it is given. ``id`` stays the same however often it
    is tried. ``address`` is empty for the shop's web address, which its settings name."""

    __tablename__ = "alerts"
    __table_args__ = (Index("ix_alerts_shop_id_channel_address", "shop_id", "channel", "address"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(8))
    address: Mapped[str] = mapped_column(String(254), default="")
    # Whether it says that the trouble is over.
    over: Mapped[bool] = mapped_column(default=False)
    words: Mapped[dict[str, Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
