"""What all processes of a deployment must agree on, however they are set."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

ONLY = 1


class Deployment(Base):
    """One row, ``ONLY``: the tag prefix that the orders carry."""

    __tablename__ = "deployments"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag_prefix: Mapped[str] = mapped_column(String(32))
