"""The people at a store who use the app, by the name that Shopify gives them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, UtcDateTime


class StaffMember(Base):
    """A staff member's display name; nothing else is kept of a person.

    ``name`` is empty when Shopify was asked and didn't say. ``asked_at``: when it was asked last.
    """

    __tablename__ = "staff_members"

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True
    )
    # Shopify's, as an ID token gives it.
    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
