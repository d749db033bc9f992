"""How close two workers come to what Shopify's bucket lets through, and how often they hit it."""

import time

from bench.deployment import deployment
from bench.figure import Line
from sandbox.demo.client import SHOP

ORDERS = 300
RATE, CAPACITY = 100, 2000  # a Standard shop: points a second, points at the start
LEAST, MOST_THROTTLED = 0.9, 0.01


def measure(database: str) -> list[Line]:
    """The time a drain takes beside the time that its points allow, and the THROTTLED answers."""
    with deployment(mode="sync", database=database, workers=2) as shop:
        ids = shop.place(ORDERS)
        full = {"throttle": True, "restore_rate": RATE, "capacity": CAPACITY}
        shop.shopify("PUT", "/settings", full)
        mark, clicked = shop.mark(), time.time()
        shop.click(ids)
        seconds = shop.all_synced(ids, mark) - clicked
        spent = shop.shopify("GET", f"/{SHOP}/points?after={mark}")
    ideal = max(0.0, (spent["net"] - CAPACITY) / RATE)
    throttled = spent["throttled"] / spent["requests"]
    return [
        Line(
            f"Drain of {ORDERS} orders, two workers",
            f"{ideal / seconds:.2f}",
            f"{seconds:.1f} s for {spent['net']} points, {ideal:.1f} s by the bucket",
            f"≥ {LEAST}",
            ideal / seconds >= LEAST,
        ),
        Line(
            "THROTTLED meanwhile",
            f"{throttled:.1%}",
            f"{spent['throttled']} of {spent['requests']} requests",
            f"≤ {MOST_THROTTLED:.0%}",
            throttled <= MOST_THROTTLED,
        ),
    ]
