"""RQ's entry points: ids in, no logic. A job is a doorbell; the work is in the database."""

from app.sync import drain as drains
from app.sync import ring, tag_prefix

# A little less than half of RQ's job timeout (app/sync/ring.py), so that the last request can end.
DRAIN_SECONDS = 14.0


def drain(shop_id: int, lane: str) -> None:
    """Do what a shop is owed for some seconds; ring again when there is more."""
    ring.take_mark(shop_id, lane)
    tag_prefix.hold()
    if not drains.drain(shop_id, DRAIN_SECONDS):
        ring.ring(shop_id, lane)
