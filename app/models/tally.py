"""What a shop's days amounted to: the numbers behind Home's chart."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId


class Tally(Base):
    """Some outcomes of one kind on one day of the shop's calendar.

    Rows are only ever added, so outcomes that are recorded at once never wait for each other; a
    day that is over is folded into one row a kind. The sum counts.
    """

    __tablename__ = "tallies"
    __table_args__ = (Index("ix_tallies_shop_id_day_kind", "shop_id", "day", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shops.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column()
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[int] = mapped_column(default=1)
