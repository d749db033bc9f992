"""One shop: its orders, products, locations, and whether the app is installed."""

import itertools
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.shopify.index import OrderIndex
from sandbox.shopify.staff import everybody
from sandbox.shopify.values import Node, gid, iso, now, number_of


class Shop:
    """A shop's data as GraphQL shapes; keys that begin with ``_`` are the stand-in's own.

    Numbers of orders, lines and the like come from counters, so that a seed always makes the same.
    """

    def __init__(self, number: int, handle: str, name: str, timezone: str = "Europe/Rome") -> None:
        self.number, self.handle, self.name = number, handle, name
        self.domain = f"{handle}.myshopify.com"
        self.zone, self.currency = ZoneInfo(timezone), "EUR"
        self.installed, self.scopes = False, frozenset[str]()
        self.staff = everybody()
        self.locations: dict[str, Node] = {}
        self.products: dict[str, Node] = {}
        self.variants: dict[str, Node] = {}
        self.items: dict[str, Node] = {}
        self._skus: dict[str, list[Node]] = {}
        self.orders: dict[int, Node] = {}
        self.jobs: dict[str, Node] = {}
        self.attempts: dict[str, Any] = {}
        self.returns: dict[str, Node] = {}
        self.reverse_orders: dict[str, Node] = {}
        self.index = OrderIndex()
        self.created = iso(now())
        self._counters: dict[str, Iterator[int]] = {}

    def new_id(self, kind: str) -> str:
        """Return the next global id of a kind in this shop."""
        return gid(kind, self.next_number(kind))

    def next_number(self, kind: str) -> int:
        """Return the next number of a kind; no two shops share one."""
        start = self.number * 1_000_000_000_000 + 1001
        return next(self._counters.setdefault(kind, itertools.count(start)))

    def order(self, global_id: str | int) -> Node | None:
        """Return an order by number or global id."""
        return self.orders.get(number_of(str(global_id)))

    def fulfillment_orders(self) -> Iterator[Node]:
        """Yield every fulfillment order of the shop."""
        for order in self.orders.values():
            yield from order["_fulfillment_orders"]

    def find(self, kind: str, global_id: str) -> Node | None:
        """Return any node by kind and global id."""
        if kind in ("Order", "InventoryLevel"):
            return self.order(global_id) if kind == "Order" else self.level(global_id)
        known: Any = {
            "Location": self.locations,
            "Product": self.products,
            "ProductVariant": self.variants,
            "InventoryItem": self.items,
            "Return": self.returns,
            "ReverseFulfillmentOrder": self.reverse_orders,
        }.get(kind)
        if known is not None:
            found: Node | None = known.get(global_id)
            return found
        rows = self._rows(kind)
        return next((row for row in rows if row["id"] == global_id), None)

    def level(self, global_id: str) -> Node | None:
        """Return an inventory level; its id names its location and its item."""
        item = self.items.get(gid("InventoryItem", global_id.partition("inventory_item_id=")[2]))
        place = gid("Location", number_of(global_id))
        return item["_levels"].get(place) if item else None

    def _rows(self, kind: str) -> Iterator[Node]:
        """Yield what hangs on orders."""
        inside = {"Fulfillment": "_fulfillments", "LineItem": "_lines"}
        if kind in inside:
            yield from self._inside(inside[kind])
        elif kind == "FulfillmentOrder":
            yield from self.fulfillment_orders()
        elif kind == "Customer":
            yield from self._customers()

    def _inside(self, key: str) -> Iterator[Node]:
        for order in self.orders.values():
            yield from order[key]

    def _customers(self) -> Iterator[Node]:
        for order in self.orders.values():
            if order["customer"]:
                yield order["customer"]

    def active_locations(self) -> list[Node]:
        """Return the locations that orders may be routed to."""
        return [place for place in self.locations.values() if place["isActive"]]

    def place_for(self, wanted: str | None) -> Node:
        """Return the location that was asked for if it is active, else the first active one."""
        active = self.active_locations()
        return next((place for place in active if place["id"] == wanted), active[0])

    def touch(self, order: Node) -> None:
        """Note that an order changed: its ``updatedAt``, and the search index in a while."""
        order["updatedAt"] = iso(now())
        self.index.note(order)

    def keep_variant(self, variant: Node) -> None:
        """Add a variant, or note its new SKU."""
        self.variants[variant["id"]] = variant
        variant["inventoryItem"]["_variant"] = variant
        if variant["sku"]:
            self._skus.setdefault(variant["sku"].casefold(), []).append(variant)

    def drop_sku(self, variant: Node) -> None:
        """Forget the SKU a variant has, before it gets another."""
        self._skus.get((variant["sku"] or "").casefold(), [variant]).remove(variant)

    def variants_by_sku(self, sku: str) -> list[Node]:
        """Return the variants that carry a SKU now, in whatever case."""
        return list(self._skus.get(sku.casefold(), ()))

    def variant_by_sku(self, sku: str) -> Node | None:
        """Return the variant that carries exactly this SKU now."""
        return next((one for one in self.variants_by_sku(sku) if one["sku"] == sku), None)
