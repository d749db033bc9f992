"""What an operator has prepared for a store that has yet to install the app."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, Secret, UtcDateTime

WAITING, TAKEN, WITHDRAWN, FAILED = "waiting", "taken", "withdrawn", "failed"


class PreparedStore(Base):
    """A connection and settings, one row per store's domain; preparing again replaces it.

    ``state``: waiting for the install, taken over by it, withdrawn by the operator, or failed (the
    install could not use it; ``message`` says why). The token is kept only while it waits.
    """

    __tablename__ = "prepared_stores"
    __table_args__ = (Index("ix_prepared_stores_changed_at_id", "changed_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)
    label: Mapped[str] = mapped_column()
    app_url: Mapped[str] = mapped_column()
    token: Mapped[str | None] = mapped_column(Secret)
    automatic: Mapped[bool] = mapped_column(default=False)
    # The keys of the settings document that differ from a new store's.
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    message: Mapped[str] = mapped_column(default="")
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
