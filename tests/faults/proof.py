"""What must hold once all is at rest, by the ledgers of both sides and by the database.

``tags`` gives the merchant's own tags of every order there is, by its gid.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.demo.client import SHOP, Client
from tests.faults.books import Books

STATE_TAGS = {"wms-no-sync", "wms-syncing", "wms-synced", "wms-error"}
SETTLED = "wms-synced"
_ASKED_FOR = ("OPEN", "IN_PROGRESS", "ON_HOLD")
# Reasons with which an outbound order is over, or units of it are.
_CANCELLED = ("wms-cancelled", "cancelled")
Tags = Mapping[str, tuple[str, ...]]


def tags_are_right(client: Client, tags: Tags) -> None:
    """Each order carries its merchant's tags and *synced*; no other tag was ever touched."""
    for order in client.shopify("GET", f"/{SHOP}/orders"):
        wanted = {*tags[order["id"]], SETTLED}
        assert set(order["tags"]) == wanted, (order["name"], order["tags"])
    for write in client.shopify("GET", "/ledger?kind=tags"):
        touched = set(write["before"]) ^ set(write["after"])
        assert write["source"] == "app", write
        assert touched <= STATE_TAGS, write


def warehouse_is_right(client: Client, tags: Tags) -> None:
    """The warehouse has each fulfillment order's present content, each revision applied once.
    ``tags`` leaves out orders of which Shopify does not ask any more for all that was sent."""
    entries = client.wms("GET", "/ledger")
    applied = Counter(
        (entry["external_id"], entry["revision"]) for entry in entries if entry["kind"] == "applied"
    )
    assert set(applied.values()) <= {1}, applied.most_common(3)
    other = [entry for entry in entries if entry["kind"] in ("duplicate", "rejected")]
    assert not other, other[:3]
    held = client.wms("GET", "/orders")
    assert {external_id for external_id, _ in applied} == {one["external_id"] for one in held}
    asked_for = [one for one in held if one["order_ref"] in tags]
    has, wants = _held_by_warehouse(asked_for), _wanted_by_shop(client, tags)
    assert has == wants, (has - wants, wants - has)


def _held_by_warehouse(held: Iterable[dict[str, Any]]) -> Counter[tuple[str, int]]:
    return Counter((line["line_id"], line["quantity"]) for one in held for line in one["lines"])


def _wanted_by_shop(client: Client, tags: Tags) -> Counter[tuple[str, int]]:
    dumps = [client.shopify("GET", f"/{SHOP}/orders/{gid.rsplit('/', 1)[1]}") for gid in tags]
    units: Counter[str] = Counter()
    for order in dumps:
        for part in order["fulfillment_orders"]:
            for line in part["lines"] if part["status"] in _ASKED_FOR else ():
                units[line["lineItem"]["id"]] += line["remainingQuantity"]
        for made in order["fulfillments"]:
            for line in made["lines"]:
                units[line["id"]] += line["quantity"]
    return Counter(item for item in units.items() if item[1])


def database_is_right(books: Books, tags: Tags) -> None:
    """Nothing is given up, no batch is open, and nothing was taken for a person's command."""
    dead = books.rows("SELECT * FROM owed WHERE dead_at IS NOT NULL")
    assert not dead, dead
    open_batches = books.rows("SELECT id, state FROM batches WHERE state <> 'answered'")
    assert not open_batches, open_batches
    rows = books.rows(
        "SELECT o.name, o.tag_state, o.tag_pending, p.state, p.wanted_revision,"
        " p.confirmed_revision, p.reason"
        " FROM orders o LEFT JOIN outbound_orders p ON p.order_id = o.id"
    )
    wrong = [row for row in rows if not _is_settled(row)]
    assert not wrong, wrong
    assert len({row["name"] for row in rows}) == len(tags)
    commands = books.rows(
        "SELECT event, order_name, message FROM log_lines"
        " WHERE event IN ('tagged', 'untagged', 'tags', 'gave_up', 'rejected')"
    )
    assert not commands, commands


def _is_settled(row: dict[str, Any]) -> bool:
    states = (row["tag_state"], row["tag_pending"], row["state"])
    confirmed = row["wanted_revision"] == row["confirmed_revision"]
    ends = ("cancelled", "accepted") if row["reason"] in _CANCELLED else ("accepted",)
    return confirmed and states in [("synced", "", end) for end in ends]
