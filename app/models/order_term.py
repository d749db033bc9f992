"""What an order is found by: its name, its SKUs and its tracking numbers, as an index that searches
use."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigId, byte_ordered

LONGEST_TERM = 255


class OrderTerm(Base):
    """One word of one order, in lower case. The key is the index of a search by its start."""

    __tablename__ = "order_terms"

    shop_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True
    )
    term: Mapped[str] = mapped_column(byte_ordered(LONGEST_TERM), primary_key=True)
    order_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, index=True
    )
