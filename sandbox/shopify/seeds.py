"""The shops a stand-in starts with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.shopify import cancelling, commitments
from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify.catalogue import add_location, add_product
from sandbox.shopify.orders import new_order
from sandbox.shopify.seed_data import PRODUCTS, odd_ones, plain
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import iso, now
from sandbox.shopify.world import World

DEMO, SECOND = "tagdock-demo", "second-shop"
PLAIN = 26
MILANO = {"address1": "Via Mecenate 76", "city": "Milano", "zip": "20138", "countryCode": "IT"}
ROMA = {"address1": "Via Tiburtina 1166", "city": "Roma", "zip": "00156", "countryCode": "IT"}


def plant(world: World, seed: str) -> None:
    """Fill an empty world; ``none`` gives the two shops without orders."""
    if seed not in SEEDS:
        raise ValueError(f"No such seed: {seed}. Known: {', '.join(sorted(SEEDS))}.")
    demo = _open_shop(world, 6, DEMO, "Tagdock Demo")
    second = _open_shop(world, 7, SECOND, "Second Shop")
    SEEDS[seed](world, demo, second)
    for shop in (demo, second):
        shop.index.settle()


def _open_shop(world: World, number: int, handle: str, name: str) -> Shop:
    shop = world.add_shop(Shop(number, handle, name))
    milano = add_location(shop, "Milano", MILANO)["id"]
    roma = add_location(shop, "Roma", ROMA)["id"]
    for place, (title, sku, price) in enumerate(PRODUCTS):
        units = {milano: 60 + place * 37 % 90, roma: 15 + place * 13 % 40}
        add_product(shop, title, sku, price, available=units)
    return shop


def _nothing(_world: World, _demo: Shop, _second: Shop) -> None:
    """No orders."""


def _demo(world: World, demo: Shop, second: Shop) -> None:
    """Forty orders with what real shops have, and five elsewhere."""
    odd = odd_ones()
    specs = odd[:5] + [_plain(number) for number in range(PLAIN)] + odd[5:]
    for place, spec in enumerate(specs):
        _plant_order(world, demo, {"days": 25 - place * 0.6} | spec)
    for number in range(5):
        _plant_order(world, second, {"days": 5 - number} | plain(number + 2))


def _plain(number: int) -> dict[str, Any]:
    spec = plain(number)
    return spec | {"tags": [*spec["tags"], "vip", "gift"]} if number == 4 else spec


def _plant_order(world: World, shop: Shop, spec: dict[str, Any]) -> None:
    """Add an order from some days ago, with its fulfillment orders, and no webhook."""
    days, cancel = spec.pop("days"), spec.pop("cancel", False)
    spec["created_at"] = iso(now() - timedelta(days=max(days, 0.02)))
    spec["lines"] = [_placed(shop, line) for line in spec["lines"]]
    order = new_order(shop, spec)
    fulfilment.route(shop, order)
    commitments.settle(world, shop, order)
    if cancel:
        cancelling.cancel(world, shop, order)
    order["updatedAt"] = order["createdAt"]
    shop.index.note(order)


def _placed(shop: Shop, line: dict[str, Any]) -> dict[str, Any]:
    """Turn the name of a place into its location."""
    place = line.get("place")
    found = {one["name"]: one["id"] for one in shop.locations.values()}
    rest = {key: value for key, value in line.items() if key != "place"}
    return rest | {"location": found[place]} if place else rest


SEEDS: dict[str, Callable[[World, Shop, Shop], None]] = {"demo": _demo, "none": _nothing}
