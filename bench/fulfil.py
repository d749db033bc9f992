"""What a fulfillment costs in points, and how soon after the warehouse tells of it it is there.

Points are counted by the stand-in's ledger from the shipping until nothing moves any more, the
webhooks of our own fulfillments included. The times are taken one parcel after the other, at rest.
"""

import time
from typing import Any

from bench.deployment import Deployment, deployment
from bench.figure import Line, percentile
from sandbox.demo.client import SHOP

ORDERS, SAMPLES = 100, 40
MOST_POINTS, MOST_SECONDS = 11.0, 3.0
# What others spend on a fulfillment, measured with the same stand-in.
OTHERS = "Business Central 10, Tryton 311, Odoo 654"
_PATIENCE, _POLL_SECONDS = 30.0, 0.02
_MUTATION = "CreateFulfillment"


def measure(database: str) -> list[Line]:
    """Points a fulfillment, and the seconds from callback to fulfillment."""
    with deployment(mode="sync", database=database) as shop:
        ids = shop.place(ORDERS + SAMPLES)
        mark = shop.mark()
        shop.click(ids)
        shop.all_synced(ids, mark)
        shop.rest()
        held = [order["external_id"] for order in shop.client.wms("GET", "/orders")]
        points = _points(shop, held[:ORDERS])
        times = [_one(shop, external_id) for external_id in held[ORDERS:]]
    slow = percentile(times, 0.95)
    return [
        Line(
            "Points a fulfillment",
            f"{points:.1f}",
            OTHERS,
            f"≤ {MOST_POINTS:.0f}",
            points <= MOST_POINTS,
        ),
        Line(
            f"Callback to fulfilled, p95 of {len(times)}",
            f"{slow:.2f} s",
            f"median {percentile(times, 0.5):.2f} s",
            f"< {MOST_SECONDS} s",
            slow < MOST_SECONDS,
        ),
    ]


def _points(shop: Deployment, external_ids: list[str]) -> float:
    """Net points a fulfillment, from the first parcel on until all is at rest."""
    mark = shop.mark()
    for external_id in external_ids:
        _ship(shop, external_id)
    shop.until(
        lambda: len(_made(shop, mark)) >= len(external_ids), "every order fulfilled", _PATIENCE * 4
    )
    shop.rest()
    spent = int(shop.shopify("GET", f"/{SHOP}/points?after={mark}")["net"])
    return spent / len(external_ids)


def _one(shop: Deployment, external_id: str) -> float:
    """Seconds from the warehouse's deed, whose callback follows at once, to the fulfillment."""
    mark, began = shop.mark(), time.time()
    _ship(shop, external_id)
    end = time.monotonic() + _PATIENCE
    while not (made := _made(shop, mark)):
        if time.monotonic() > end:
            raise TimeoutError(f"No fulfillment within {_PATIENCE:.0f} s.")
        time.sleep(_POLL_SECONDS)
    seconds = float(made[0]["at"]) - began
    shop.rest()
    return seconds


def _ship(shop: Deployment, external_id: str) -> None:
    parcel = {"carrier": {"code": "demopost"}, "tracking_number": f"DP-{external_id[-6:]}"}
    shop.client.wms("POST", "/orders/ship", {"external_id": external_id, "packages": [parcel]})


def _made(shop: Deployment, mark: int) -> list[dict[str, Any]]:
    return [entry for entry in shop.ledger("graphql", mark) if entry["operation"] == _MUTATION]
