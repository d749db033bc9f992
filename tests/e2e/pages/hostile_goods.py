"""Goods and words that would like to be more than text, wherever a page may show them."""

from sandbox.demo.client import SHOP
from tests.e2e.pages.hostile_words import (
    HOSTILE_GOODS,
    HOSTILE_LABEL,
    HOSTILE_PLACE,
    LONG_TEXT,
    LONG_WORD,
)
from tests.e2e.store import Placed, Store

_NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
_GIVE_UP = f"""INSERT INTO owed (shop_id, subject_type, subject_id, effect, lane, owed_seq,
    claimed_seq, due_at, unfinished, attempts, last_error, dead_at)
    SELECT shop_id, 'order', id, 'send', 'default', 1, 1, {_NOW}, 0, 9, ?, {_NOW}
    FROM orders WHERE gid = ?"""
CARRIERS = [
    {"code": "demopost", "name": f"{HOSTILE_LABEL} {LONG_WORD}"},
    {"code": LONG_WORD[:64], "name": LONG_TEXT[:300]},
]
FIELDS = [
    {"key": "gift", "label": HOSTILE_LABEL, "type": "text"},
    {"key": "wrap", "label": LONG_WORD, "type": "text"},
]


def give_back(store: Store, order: Placed) -> None:
    """Ship an order and let its buyer give it back to a warehouse that refuses that."""
    reference = store.reference(order)
    parcel = {"carrier": {"code": "x", "name": HOSTILE_LABEL}, "tracking_number": LONG_WORD}
    store.client.wms("POST", "/orders/ship", {"external_id": reference, "packages": [parcel]})
    store.until(lambda: store.in_shopify(order)["fulfillments"], "a fulfillment")
    store.until(lambda: store.client.shopify("GET", "/quiet")["quiet"], "a quiet store")
    store.warehouse(lacks=["returns"])
    store.client.shopify("POST", f"/{SHOP}/returns", {"order": order.number})
    refused = "SELECT 1 FROM returns WHERE reason = 'unsupported'"
    store.until(lambda: store.rows(refused), "a refused return")
    store.warehouse(lacks=[])


def give_up(store: Store, order: Placed) -> None:
    """Let the app have given up to send an order, for a reason that has no end."""
    store.write(_GIVE_UP, LONG_TEXT, order.gid)


def compare_stock(store: Store) -> None:
    """Compare what the warehouse has of hostile goods, in a hostile place too."""
    places = {
        each["name"]: each["id"] for each in store.client.shopify("GET", f"/{SHOP}/locations")
    }
    version = store.client.app("GET", "/api/settings")["version"]
    chosen = {places["Milano"]: "WH", places[HOSTILE_PLACE]: "WH-2"}
    store.client.app("PUT", "/api/settings", {"version": version, "locations": chosen})
    counted = [
        {"sku": HOSTILE_GOODS, "warehouse": code, "on_hand": 9, "incoming": 0}
        for code in ("WH", "WH-2")
    ]
    store.client.wms("PUT", "/stock", counted)
    store.finish(store.client.app("POST", "/api/stock/compare")["run"])
