"""A shop whose day is played for the pictures: set up, orders in every state, two busy weeks."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.demo.client import SHOP, Client
from sandbox.demo.world import World

PATIENCE = 60.0
NO_SYNC = "wms-no-sync"
LABEL = "Acme WMS"
ZONE = ZoneInfo("Europe/Rome")

# Newest first: who ordered, what, and the shop's own tags. The state each reaches is in `_play`.
ORDERS: list[tuple[str, str, list[str]]] = [
    ("Anna Rossi", "TS-M", []),
    ("Jean-François Lefèvre", "COF-1000", ["gift"]),
    ("Zoë Müller", "BAG-20L", []),
    ("Marco Bianchi", "TEA-050", ["vip"]),
    ("Nguyễn Thị Ánh", "HD-01", []),
    ("Sinéad O’Connor", "MUG-330", []),
    ("Łukasz Żółć", "LMP-01", []),
    ("Gian-Luca D'Angelo", "BTL-500", ["gift"]),
    ("Björk Guðmundsdóttir", "BLK-140", []),
    ("Giulia Ferrari", "TS-XS", []),
    ("Élodie Martin", "PZL-1000", []),
    ("Paolo Conti", "OIL-750", ["vip"]),
    ("Marta Novák", "NB-A5", []),
    ("João Pereira", "PST-MI", []),
    ("Chiara Esposito", "CND-02", ["gift"]),
]
UNKNOWN = "TS-XS"
REFUSED = next(place for place, (_, sku, _) in enumerate(ORDERS) if sku == UNKNOWN)
MOVING = slice(4, 8)
CHANGED = 8
SHIPPED = 11
RETURNED = 14
# Goods whose SKUs are not as they should be: what, its SKU, what else there is to it.
GOODS: list[tuple[str, str, dict[str, Any]]] = [
    ("Campione senza codice", "", {}),
    ("Tazza smaltata, blu", "CUP-10", {}),
    ("Tazza smaltata, rossa", "CUP-10", {}),
    ("Maglietta bio", "ts-bio", {}),
    ("Buono regalo 50 €", "GIFT-50", {"tracked": False}),
    ("Scatola regalo", "BOX-1", {"bundle": True}),
]
UNTOLD = {"ts-bio", "BOX-1", "LMP-01", "CND-02"}
STRANGERS = ("TS-BIO", "MUG-250")
# What each day before amounted to, yesterday first: sent, refused, shipped.
DAYS = [(31, 1, 27), (12, 0, 0), (9, 0, 0), (38, 2, 33), (34, 0, 36), (29, 1, 28), (41, 3, 35),
        (33, 0, 30), (14, 0, 0), (8, 0, 0), (36, 1, 32), (30, 0, 31), (27, 2, 24)]  # fmt: skip

WEEKS = [193, 204, 188, 171, 162]
_DAYS = "INSERT INTO tallies (shop_id, day, kind, number) SELECT id, ?, ?, ? FROM shops"
_WEEKS = "INSERT INTO store_weeks (shop_id, week, orders) SELECT id, ?, ? FROM shops"


@dataclass(slots=True)
class PicturedShop:
    """The shop, and its orders newest first."""

    world: World
    client: Client
    connector: dict[str, Any] = field(default_factory=dict)
    orders: list[str] = field(default_factory=list)

    @property
    def refused(self) -> str:
        """The number of the order that the warehouse refuses."""
        return _number(self.orders[REFUSED])

    @property
    def changed(self) -> str:
        """The number of the order that was edited after it was sent."""
        return _number(self.orders[CHANGED])

    @property
    def shipped(self) -> str:
        """The number of the order that the warehouse ships in parts."""
        return _number(self.orders[SHIPPED])

    @property
    def returned(self) -> str:
        """The number of the order of which some comes back."""
        return _number(self.orders[RETURNED])

    def install(self) -> None:
        """Install the app in a shop without orders, and make a connector at the warehouse."""
        self.client.shopify("POST", "/reset", {"seed": "none"})
        granted = self.client.shopify("POST", f"/{SHOP}/install")["scopes"]
        also = [*granted, "write_inventory", "write_returns"]
        self.client.shopify("POST", f"/{SHOP}/install", {"scopes": also})
        self.client.open_app()
        self.client.wms("PUT", "/settings", {"unknown_skus": [UNKNOWN]})
        wanted = {"label": LABEL, "account": "ACME"}
        self.connector = dict(self.client.wms("POST", "/connectors", wanted))

    def connect(self) -> None:
        """Connect it, map its locations, place its orders; setup has come to its last step."""
        wanted = {"label": LABEL, "automatic": False}
        wanted |= {"app_url": self.connector["app_url"], "token": self.connector["token"]}
        self.client.app("PUT", "/api/connection", wanted)
        self.client.app("POST", "/api/connection/test")
        places = self.client.shopify("GET", f"/{SHOP}/locations")
        mapped = {place["id"]: code for place, code in zip(places, ("WH", "WH-2"), strict=True)}
        version = self.client.app("GET", "/api/settings")["version"]
        self.client.app("PUT", "/api/settings", {"version": version, "locations": mapped})
        self.client.app("PUT", "/api/setup", {"step": 5})
        self._place()

    def play(self) -> None:
        """Bring the orders to every state at once."""
        self.client.app("PUT", "/api/setup", {"done": True})
        self._remember()
        self._send(self.orders[MOVING.stop :])
        self._until_gone("wms-no-sync", "wms-syncing", among=self.orders[MOVING.stop :])
        self._edit()
        self._ship()
        self._count()
        for job in ("reconcile", "sync_status"):
            self.client.app("POST", f"/api/jobs/{job}/run")
        self._send([self.orders[REFUSED]])
        until(lambda: len(self.client.wms("GET", "/ledger?kind=rejected")) >= 2)
        self.settle()
        self.client.wms("PUT", "/settings", {"hold_jobs": True})
        self._send(self.orders[MOVING])
        self._until_gone("wms-no-sync", among=self.orders[MOVING])

    def _place(self) -> None:
        """Place the orders, a few hours apart."""
        made = []
        for age, (customer, sku, tags) in reversed(list(enumerate(ORDERS))):
            body = {
                "lines": [{"sku": sku, "quantity": 1 + age % 3, "price": f"{19 + 7 * age}.90"}],
                "shipping_address": {
                    "name": customer,
                    "address1": "Via Torino 12",
                    "city": "Milano",
                },
                "created_at": (datetime.now(UTC) - timedelta(hours=1 + 3 * age)).isoformat(),
                "tags": [NO_SYNC, *tags],
            }
            made += self.client.shopify("POST", f"/{SHOP}/orders", body)["ids"]
        self.orders = made[::-1]
        self.settle()

    def _count(self) -> None:
        """The warehouse counts its stock, some of it under SKUs that the shop writes otherwise;
        somebody compares it."""
        for title, sku, about in GOODS:
            goods = {"title": title, "sku": sku, **about}
            self.client.shopify("POST", f"/{SHOP}/products", goods)
        skus = [row["sku"] for row in self.client.shopify("GET", f"/{SHOP}/products")]
        told = [*(sku for sku in skus if sku and sku not in UNTOLD), *STRANGERS]
        lines = [
            {"sku": sku, "on_hand": 4 + 11 * place % 97} for place, sku in enumerate(sorted(told))
        ]
        self.client.wms("PUT", "/stock", lines)
        self.client.app("POST", "/api/skus/scan")
        self.client.app("POST", "/api/stock/compare")
        self.settle()

    def _edit(self) -> None:
        """The customer of an order that was sent wants one more, and something else."""
        order = self.client.shopify("GET", f"/{SHOP}/orders/{self.changed}")
        (line,) = order["lines"]
        more = [{"line_id": line["id"], "quantity": line["currentQuantity"] + 1}]
        edit = {"lines": [*more, {"sku": "NB-A5", "quantity": 1}]}
        self.client.shopify("POST", f"/{SHOP}/orders/{self.changed}/edit", edit)

    def _ship(self) -> None:
        """The warehouse ships two units of an order in two parcels, and packs the last one."""
        order = self.client.shopify("GET", f"/{SHOP}/orders/{self.shipped}")
        wanted = {"external_id": order["fulfillment_orders"][0]["id"]}
        (line,) = order["lines"]
        parcels = [
            {"carrier": {"code": "demopost"}, "tracking_number": f"DP-2026-00418{number}"}
            for number in (3, 4)
        ]
        part = {"lines": [{"sku": line["sku"], "quantity": 2}], "packages": parcels}
        self.client.wms("POST", "/orders/ship", {**wanted, **part})
        until(lambda: bool(self._fulfillments()))
        self.client.wms("POST", "/orders/pack", wanted)

    def _fulfillments(self) -> list[Any]:
        found = self.client.shopify("GET", f"/{SHOP}/orders/{self.shipped}")
        return list(found["fulfillments"])

    def _remember(self) -> None:
        """Give the shop the days and weeks before, which no sandbox can play."""
        today = datetime.now(ZONE).date()
        days = [
            (str(today - timedelta(days=ago)), kind, number)
            for ago, numbers in enumerate(DAYS, start=1)
            for kind, number in zip(("sent", "error", "shipped"), numbers, strict=True)
            if number
        ]
        monday = today - timedelta(days=today.weekday())
        weeks = [(str(monday - timedelta(weeks=ago)), n) for ago, n in enumerate(WEEKS, start=1)]
        address = self.world.environment["DATABASE_URL"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(address, timeout=30.0)) as database, database:
            database.executemany(_DAYS, days)
            database.executemany(_WEEKS, weeks)

    def _send(self, gids: list[str]) -> None:
        self.client.app("POST", "/api/orders/send", {"ids": gids})

    def settle(self) -> None:
        """Wait until Shopify has told all that it has to tell."""
        until(lambda: self.client.shopify("GET", "/quiet")["quiet"])

    def _until_gone(self, *tags: str, among: list[str]) -> None:
        """Wait until none of these orders carries any of these tags."""

        def gone() -> bool:
            found: list[dict[str, Any]] = self.client.shopify("GET", f"/{SHOP}/orders")
            return not any(set(tags) & set(one["tags"]) for one in found if one["id"] in among)

        until(gone)


def _number(gid: str) -> str:
    return gid.rsplit("/", 1)[1]


def until(condition: Callable[[], bool]) -> None:
    """Wait for something; raises TimeoutError where it does not come."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("The shop did not reach the state that is to be pictured.")
        time.sleep(0.2)
