"""A store's connection to its warehouse management system."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigId, Secret, UtcDateTime
from app.models.shop import Shop

NEVER_TESTED, ESTABLISHED, REFUSED = "never_tested", "established", "refused"
UNREACHABLE, OTHER_ACCOUNT = "unreachable", "other_account"


class Connection(Base):
    """Where the warehouse is, how it may be reached, and whether it answers. One per store.

    ``generation`` counts warehouse accounts: outbound orders belong to the one they were sent to.
    ``open_until`` is the breaker: nothing is sent before then.
    """

    __tablename__ = "connections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), unique=True
    )
    label: Mapped[str] = mapped_column(default="")
    app_url: Mapped[str] = mapped_column(default="")
    token: Mapped[str | None] = mapped_column(Secret)
    automatic: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(16), default=NEVER_TESTED)
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)
    status_message: Mapped[str] = mapped_column(default="")
    generation: Mapped[int] = mapped_column(default=1)
    account: Mapped[str] = mapped_column(default="")
    # The account found at the address now, while a person has not confirmed the change.
    other_account: Mapped[str] = mapped_column(default="")
    system: Mapped[str] = mapped_column(default="")
    # The whole answer of GET /connection.
    info: Mapped[dict[str, Any]] = mapped_column(default=dict)
    max_batch: Mapped[int] = mapped_column(default=10)
    default_warehouse: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    callback_secret: Mapped[str | None] = mapped_column(Secret)

    shop: Mapped[Shop] = relationship()
