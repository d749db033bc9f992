"""A store with an order in every state, and with text that would like to be more than text."""

from dataclasses import dataclass
from typing import Any

from sandbox.demo.client import SHOP
from tests.e2e.pages.hostile_goods import CARRIERS, FIELDS, compare_stock, give_back, give_up
from tests.e2e.pages.hostile_words import (
    HOSTILE_GOODS,
    HOSTILE_LABEL,
    HOSTILE_NAME,
    HOSTILE_PLACE,
    HOSTILE_SKU,
    LONG_TEXT,
    LONG_WORD,
)
from tests.e2e.store import Placed, Store

PLAIN, UNKNOWN = "MUG-330", "77-XS"


@dataclass(slots=True)
class BusyStore:
    """The store, and its orders by what is remarkable about them."""

    store: Store
    orders: dict[str, Placed]


def fill(store: Store) -> BusyStore:
    """Bring a fresh store to where every page has everything to show."""
    store.begin_again()
    _make_warehouse(store)
    store.client.shopify("POST", f"/{SHOP}/locations", {"name": HOSTILE_PLACE})
    store.connect()
    store.client.shopify("POST", f"/{SHOP}/scopes", {"grant": ["write_returns", "write_inventory"]})
    store.client.app("POST", "/api/scopes")
    store.client.app("PUT", "/api/setup", {"step": 5, "done": True})
    orders = {name: _place(store, **wishes) for name, wishes in _WISHES.items()}
    store.place(50 - len(orders), lines=[{"sku": PLAIN, "quantity": 1}])
    store.until_tagged(list(orders.values()), "wms-no-sync")
    _send(store, orders)
    _change(store, orders)
    _ship(store, orders["shipped"])
    give_back(store, orders["returned"])
    _scan(store)
    compare_stock(store)
    store.client.app("PUT", "/api/connection", {"label": HOSTILE_LABEL})
    store.client.shopify("POST", "/second-shop/install")
    for job in ("reconcile", "sync_status"):
        store.finish(store.client.app("POST", f"/api/jobs/{job}/run")["run"])
    store.until(lambda: store.client.shopify("GET", "/quiet")["quiet"], "a quiet store")
    _lose(store, orders["synced"], orders["lost"])
    give_up(store, orders["hostile"])
    return BusyStore(store, orders)


_WISHES: dict[str, dict[str, Any]] = {
    "no_sync": {},
    "no_sku": {"lines": [{"custom": True, "title": "Engraving", "sku": None}], "paid": False},
    "long_title": {
        "name": f"{HOSTILE_NAME} 2",
        "lines": [{"custom": True, "title": LONG_TEXT, "sku": None}],
    },
    "untracked": {},
    "synced": {"lines": [{"sku": sku, "quantity": 2} for sku in (PLAIN, "TEA-050", "BAG-20L")]},
    "changed": {"lines": [{"sku": sku, "quantity": 2} for sku in (PLAIN, "TEA-050")]},
    "shipped": {"lines": [{"sku": PLAIN, "quantity": 3}, {"sku": "TEA-050", "quantity": 2}]},
    "error": {"lines": [{"sku": UNKNOWN, "quantity": 1}]},
    "hostile": {
        "name": HOSTILE_NAME,
        "lines": [{"sku": HOSTILE_SKU, "quantity": 1, "title": LONG_TEXT}],
        "shipping_title": HOSTILE_PLACE,
        "note": LONG_TEXT,
    },
    "long": {"lines": [{"sku": LONG_WORD, "quantity": 1, "title": LONG_WORD}], "note": LONG_TEXT},
    "long_answer": {},
    "syncing": {},
    "returned": {
        "name": f"{HOSTILE_NAME} 3",
        "lines": [{"sku": HOSTILE_GOODS, "quantity": 2, "title": HOSTILE_LABEL}],
    },
    "lost": {"name": f"{HOSTILE_NAME} 4", "lines": [{"sku": HOSTILE_GOODS, "quantity": 1}]},
}


_WAREHOUSES = [
    {"code": "WH", "name": "Milano", "default": True},
    {"code": "WH-2", "name": HOSTILE_PLACE, "default": False},
]


def _make_warehouse(store: Store) -> None:
    store.warehouse(unknown_skus=[UNKNOWN, HOSTILE_SKU, LONG_WORD], warehouses=_WAREHOUSES)
    store.warehouse(carriers=CARRIERS, metadata_fields=FIELDS)


def _place(store: Store, **wishes: Any) -> Placed:
    (placed,) = store.place(**wishes)
    return placed


def _send(store: Store, orders: dict[str, Placed]) -> None:
    """Let the warehouse take, refuse and keep what it shall."""
    taken = [orders[name] for name in ("synced", "changed", "shipped", "returned", "lost")]
    refused = [orders[name] for name in ("error", "hostile", "long")]
    _click_send(store, taken + refused)
    store.until_tagged(taken, "wms-synced")
    store.until_tagged(refused, "wms-error")
    _refuse_at_length(store, orders["long_answer"])
    store.warehouse(hold_jobs=True)
    _click_send(store, [orders["syncing"]])
    store.until_tagged([orders["syncing"]], "wms-syncing")


def _refuse_at_length(store: Store, order: Placed) -> None:
    """A refusal names every warehouse there is, by a code that is 5,000 characters long."""
    store.warehouse(warehouses=[{"code": LONG_TEXT, "name": "WH", "default": True}])
    _click_send(store, [order])
    store.until_tagged([order], "wms-error")
    store.warehouse(warehouses=_WAREHOUSES)


def _click_send(store: Store, orders: list[Placed]) -> None:
    store.client.app("POST", "/api/orders/send", {"ids": [order.gid for order in orders]})


def _change(store: Store, orders: dict[str, Placed]) -> None:
    """Edit an order after it was sent, and take one out of automation."""
    edit = {
        "lines": [
            {"line_id": store.in_shopify(orders["changed"])["lines"][0]["id"], "quantity": 5},
            {"sku": "NB-A5", "quantity": 1},
        ]
    }
    store.client.shopify("POST", f"/{SHOP}/orders/{orders['changed'].number}/edit", edit)
    store.client.app("POST", "/api/orders/take-out", {"ids": [orders["untracked"].gid]})


def _scan(store: Store) -> None:
    """Let the SKU doctor find something of every kind, hostile words among it."""
    for product in (
        {"title": LONG_TEXT, "sku": HOSTILE_SKU},
        {"title": HOSTILE_LABEL, "sku": HOSTILE_GOODS},
        {"title": LONG_WORD, "sku": LONG_WORD},
        {"title": HOSTILE_NAME, "sku": ""},
        {"title": "Shirt", "sku": "ts-new"},
        {"title": "Voucher", "sku": "GIFT-50", "tracked": False},
        {"title": "Box", "sku": "BOX", "bundle": True},
        {"title": "Twin", "sku": PLAIN},
    ):
        store.client.shopify("POST", f"/{SHOP}/products", product)
    told = ("TS-NEW", PLAIN, HOSTILE_NAME, HOSTILE_GOODS)
    store.client.wms("PUT", "/stock", [{"sku": sku, "on_hand": 9} for sku in told])
    store.finish(store.client.app("POST", "/api/skus/scan")["run"])


def _ship(store: Store, order: Placed) -> None:
    """Ship an order in parts: one with a number and a name that have no end, one that is only
    packed."""
    of_order = {"external_id": store.reference(order)}
    carrier = {"code": "endless", "name": HOSTILE_LABEL}
    parcel = {"carrier": carrier, "tracking_number": LONG_WORD, "tracking_url": "https://t.example"}
    mugs = {
        "lines": [{"sku": PLAIN, "quantity": 2}],
        "packages": [parcel, {"tracking_number": "2"}],
    }
    store.client.wms("POST", "/orders/ship", {**of_order, **mugs})
    store.until(lambda: store.in_shopify(order)["fulfillments"], "a fulfillment")
    rest = {"lines": [{"sku": "TEA-050", "quantity": 1}]}
    store.client.wms("POST", "/orders/pack", {**of_order, **rest})


def _lose(store: Store, *orders: Placed) -> None:
    """Let the warehouse lose orders without a word, and a comparison find them all."""
    for order in orders:
        store.client.wms("POST", "/orders/forget", {"external_id": store.reference(order)})

    def found() -> bool:
        """Orders that something is still owed to are left out."""
        store.finish(store.client.app("POST", "/api/drift/compare", {})["run"])
        rows = dict(store.rows("SELECT subject, kind FROM drift_rows"))
        return all(order.gid in rows for order in orders)

    store.until(found, "the comparison to find the orders that are lost")
