"""A store's connection to its warehouse management system."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from app.db import Base, BigId, Secret, UtcDateTime
from app.models.shop import Shop

NEVER_TESTED, ESTABLISHED, REFUSED = "never_tested", "established", "refused"
UNREACHABLE, OTHER_ACCOUNT = "unreachable", "other_account"
# Something answers, but nothing that can be understood or worked with.
UNUSABLE = "unusable"
# Said of a connection whose token is stored, but no key opens it; never stored.
LOCKED = "locked"
# What passes by itself: meanwhile work is tried at the WMS, and the next good answer ends it.
PASSING = (UNREACHABLE, UNUSABLE)
USABLE = (ESTABLISHED, *PASSING)


class Connection(Base):
    """Where the warehouse is, how it may be reached, and whether it answers. One per store.

    ``generation`` counts warehouse accounts: outbound orders belong to the one they were sent to.
    ``open_until`` is the breaker: nothing is sent before then. Neither is it before
    ``paced_until``, which the WMS asked for (429); no other answer of it ends that.
    """

    __tablename__ = "connections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), unique=True
    )
    label: Mapped[str] = mapped_column(default="")
    app_url: Mapped[str] = mapped_column(default="")
    token: Mapped[str | None] = mapped_column(Secret)
    # Whether there is one, also where no key opens it.
    token_stored: Mapped[bool] = column_property(token.is_not(None))
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
    paced_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    callback_secret: Mapped[str | None] = mapped_column(Secret)
    # The address and types of callbacks that the WMS was told of last.
    registered: Mapped[str] = mapped_column(default="")

    shop: Mapped[Shop] = relationship()

    @property
    def locked(self) -> bool:
        """Whether the token is stored under a key that ENCRYPTION_KEYS lacks."""
        return self.token is None and bool(self.token_stored)

    @property
    def standing(self) -> str:
        """The status, as long as there is a token that can be used."""
        return LOCKED if self.locked else self.status
