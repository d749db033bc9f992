"""Defects that lie deeper than an answer: revisions, cancellations and callbacks misunderstood."""

from dataclasses import replace
from typing import Any

from sandbox.wms.book import Book
from sandbox.wms.callbacks import Message
from sandbox.wms.defects import has
from sandbox.wms.settings import Settings

# As good as any other secret, but nobody's.
_OTHER_SECRET = "whsec_bm90IHRoZSBzZWNyZXQgeW91IGdhdmU="


def cancellation(settings: Settings, book: Book, wanted: dict[str, Any]) -> dict[str, Any]:
    """A request to cancel as the warehouse understands it."""
    order = book.orders.get(wanted["external_id"])
    if order is None:
        return wanted
    if has(settings, "cancels_older_revisions"):
        wanted = wanted | {"revision": max(wanted["revision"], order.revision)}
    if has(settings, "cancels_relatively") and wanted.get("lines"):
        wanted = wanted | {"lines": [_more(line, order.cancelled) for line in wanted["lines"]]}
    return wanted


def callback(settings: Settings, message: Message) -> Message | None:
    """A callback as the warehouse sends it; None for one that it doesn't."""
    untold = has(settings, "no_shipment_callbacks") and message.type == "shipment.updated"
    if untold or has(settings, "no_callbacks"):
        return None
    if has(settings, "wrongly_signed_callbacks"):
        message.endpoint = replace(message.endpoint, secret=_OTHER_SECRET)
    message.first_wait = settings.retry_seconds
    message.signed = not has(settings, "unsigned_callbacks")
    message.persistent = not has(settings, "callbacks_once")
    message.keeps_id = not has(settings, "callbacks_renamed")
    return message


def _more(line: dict[str, Any], cancelled: dict[str, int]) -> dict[str, Any]:
    before = cancelled.get(line["line_id"], 0)
    return line | {"cancelled_quantity": line["cancelled_quantity"] + before}
