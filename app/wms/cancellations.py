"""What a WMS cancelled by itself."""

from app.wms.feeds import FeedId, FeedPage, items_in
from app.wms.values import CancelLine, Value


class Cancellation(Value):
    """An order that the warehouse won't ship, or with ``lines`` units of it: absolute quantities,
    all that were cancelled so far included."""

    id: FeedId
    external_id: FeedId
    initiator: str = "seller"
    reason: str = ""
    lines: list[CancelLine] | None = None


def cancellations_in(page: FeedPage) -> tuple[list[Cancellation], list[str]]:
    """The cancellations of a page, and which of its items make no sense, and why."""
    return items_in(page, Cancellation, "id", "external_id")
