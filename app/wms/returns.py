"""Returns as a WMS is told of them, and what it tells of them."""

from pydantic import Field

from app.wms.feeds import FeedId, FeedPage, Quantity, Version, items_in
from app.wms.values import Value


class AnnouncedLine(Value):
    """How much of an order line is to come back, and why."""

    line_id: str
    sku: str
    quantity: int
    reason: str


class Announcement(Value):
    """What a WMS is to expect of an order it has shipped."""

    external_id: str
    order_external_id: str
    lines: list[AnnouncedLine]


class ReturnedLine(Value):
    """Units of an order line that came; while none have come, those that are expected."""

    line_id: FeedId
    quantity: Quantity
    disposition: str = ""


class ReturnTold(Value):
    """A return as the WMS sees it now: all of it, whatever was told before."""

    external_id: FeedId
    version: Version
    state: str
    lines: list[ReturnedLine] = Field(default_factory=list)


def returns_in(page: FeedPage) -> tuple[list[ReturnTold], list[str]]:
    """The returns of a page, and which of its items make no sense, and why."""
    return items_in(page, ReturnTold, "external_id")
