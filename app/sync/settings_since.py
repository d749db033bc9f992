"""What the WMS has of an order stays as it is when only the merchant's settings are others by now:
nobody has edited that order. What is sent for another reason is made by the settings as they are.
"""

from collections.abc import Mapping
from datetime import datetime

from app.domain.documents import Document
from app.models import OutboundOrder
from app.sync.revisions import there


def as_they_were(
    document: Document,
    outbound: OutboundOrder,
    mapping: Mapping[str, str],
    changed_at: datetime | None,
) -> Document:
    """An order's present document, made by the settings of the one that the WMS has. The same one
    where it has none, was sent another since, or a person wants it to have the present one.

    ``mapping`` is from the WMS's metadata fields to their sources, ``changed_at`` when the settings
    were changed last. Until then other metadata is the order's own.
    """
    has = there(outbound)
    if has is None or outbound.order.manual or outbound.sent_revision != has.revision:
        return document
    former = {**document, "defaults": has.document.get("defaults", {})}
    if changed_at is not None and changed_at > has.first_posted_at:
        former["metadata"] = _former(
            has.document.get("metadata", {}), document["metadata"], mapping
        )
    return former


def _former(
    had: Mapping[str, str], has: Mapping[str, str], mapping: Mapping[str, str]
) -> dict[str, str]:
    """The fields that there were: those that are mapped still as the order has them, the others as
    they were."""
    found = {name: has.get(name, "") if name in mapping else had[name] for name in had}
    return {name: value for name, value in found.items() if value}
