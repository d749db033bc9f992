"""Shopify points an order costs from the click until nothing moves any more, echoes included."""

from collections import Counter

from bench.deployment import Deployment, deployment
from bench.figure import Line
from sandbox.demo.client import SHOP

ORDERS = 200
MOST = {"sync": 50.0, "async": 66.0}
# What others spend on an order, measured with the same stand-in.
OTHERS = "Tryton 42 without any tag, Business Central about 160, Odoo 431 to import alone"


def measure(database: str) -> list[Line]:
    """Points per order with a WMS that answers at once, and with one that works in jobs."""
    return [_measure(mode, database) for mode in MOST]


def _measure(mode: str, database: str) -> Line:
    with deployment(mode=mode, database=database) as shop:
        entering = shop.mark()
        ids = shop.place(ORDERS)
        clicked = shop.mark()
        shop.click(ids)
        shop.all_synced(ids, clicked)
        shop.rest()
        entered = (_net(shop, entering) - _net(shop, clicked)) / ORDERS
        points, most = _net(shop, clicked) / ORDERS, MOST[mode]
        print(f"  {mode}: {_by_operation(shop, clicked)}; entering before the click {entered:.1f}")
    return Line(
        f"Points an order, {mode} WMS",
        f"{points:.1f}",
        OTHERS if mode == "sync" else "as above",
        f"≤ {most:.0f}",
        points <= most,
    )


def _net(shop: Deployment, after: int) -> int:
    return int(shop.shopify("GET", f"/{SHOP}/points?after={after}")["net"])


def _by_operation(shop: Deployment, after: int) -> str:
    """What the points went into, an order."""
    spent: Counter[str] = Counter()
    for entry in shop.ledger("graphql", after):
        spent[entry["operation"]] += entry["actual"] or 0
    return ", ".join(f"{name} {points / ORDERS:.1f}" for name, points in spent.most_common())
