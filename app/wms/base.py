"""What Tagdock asks of a WMS. A driver is any class with the methods of ``Wms``."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from app.wms.account import (
    Capabilities,
    Carrier,
    ConnectionInfo,
    DefaultField,
    MetadataField,
    System,
    Warehouse,
)
from app.wms.feeds import FeedPage
from app.wms.returns import Announcement
from app.wms.values import (
    BatchAnswer,
    CancelLine,
    CancelOutcome,
    CancelRequest,
    Job,
    LogItem,
    LogPage,
    OrderResult,
    Problem,
    Progress,
    WmsOrder,
)

__all__ = [
    "BatchAnswer",
    "CancelLine",
    "CancelOutcome",
    "CancelRequest",
    "Capabilities",
    "Carrier",
    "ConnectionInfo",
    "DefaultField",
    "FeedPage",
    "Job",
    "LogItem",
    "LogPage",
    "MetadataField",
    "OrderResult",
    "Problem",
    "Progress",
    "System",
    "Warehouse",
    "Wms",
    "WmsOrder",
    "encode_batch",
]


class Wms(Protocol):
    """A warehouse that orders are sent to.

    Every method raises only ``TryLater`` and ``Rejected``; the writes ``send_batch`` and ``cancel``
    also ``Uncertain``, when the answer got lost.
    """

    def connection(self) -> ConnectionInfo:
        """Ask who answers and what it can do."""
        ...

    def send_batch(self, key: str, body: bytes) -> BatchAnswer:
        """Post orders under an idempotency key; ``body`` is sent unchanged."""
        ...

    def by_ref(self, external_id: str) -> WmsOrder | None:
        """Look an order up by our own id; None means that it was never received."""
        ...

    def cancel(self, request: CancelRequest) -> CancelOutcome:
        """Cancel an order or some of its units; ``Rejected`` as ``too-late`` once picked."""
        ...

    def hold(self, external_id: str, reason: str) -> None:
        """Have an order held; ``Rejected`` as ``too-late`` once packed."""
        ...

    def release(self, external_id: str) -> None:
        """Let a held order go on."""
        ...

    def ship_by(self, external_id: str, moment: datetime | None) -> None:
        """Say by when an order must leave; None: there is no hurry any more."""
        ...

    def job(self, job_id: str) -> Job:
        """Ask how far a job is and what became of its orders."""
        ...

    def job_log(self, job_id: str, cursor: str = "") -> LogPage:
        """Read the WMS's own log lines of a job, from a cursor on."""
        ...

    def feed(self, name: str, cursor: str = "") -> FeedPage:
        """Read what changed in the warehouse, from a cursor on; ``Rejected`` as ``cursor-expired``
        when only the beginning is left to start from."""
        ...

    def announce_return(self, announcement: Announcement) -> None:
        """Have the WMS expect units back. Repeating changes nothing."""
        ...

    def put_callbacks(self, url: str, secret: str, events: Sequence[str]) -> None:
        """Ask the WMS to post these events to ``url``, signed with ``secret``."""
        ...


def encode_batch(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the canonical bytes of a batch: the same documents always give the same bytes.

    Half a surrogate pair, left where a text was cut inside an emoji, becomes a question mark.
    """
    text = json.dumps(
        {"orders": list(documents)},
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode("utf-8", "replace")
