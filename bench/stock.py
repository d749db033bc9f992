"""What stock costs in points, and how close setting it comes to what the bucket lets through.

A first comparison reads the warehouse's stock and Shopify's; then every quantity is set, then all
of them change at the warehouse; then they do so again, and a person counts a shelf in Shopify while
they are set. One line in a hundred is of a SKU that Shopify has not: each of them is named, and the
others are set all the same. Whether they are, Shopify's inventory says.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.shopify.tokens import SCOPES
from bench.deployment import Deployment, deployment
from bench.figure import Line
from bench.stock_truth import Edits, edits, last_set, right, told_of
from sandbox.demo.client import SHOP

LINES = 20_000
BAD = LINES // 100
GOOD = LINES - BAD
RATE, CAPACITY = 100, 2000  # a Standard shop: points a second, points at the start
OURS = 0.75  # what other work leaves of the bucket for stock (app/shopify/bucket.py)
MOST_POINTS, LEAST = 45.0, 0.9
FIRST, SECOND, THIRD = 10, 20, 30  # units of each article at the warehouse
COUNTED = 7  # and on the shelf in Shopify
SHELF = LINES // 100
_AT_ONCE, _PATIENCE = 5000, 300.0
# Products made just before are looked at meanwhile, too: that is not stock's.
_OF_STOCK = ("SetQuantities", "ReadLevels", "StockItem")


@dataclass(frozen=True, slots=True)
class Took:
    """What a piece of work took: net points, and seconds."""

    points: int
    seconds: float

    @property
    def share(self) -> float:
        """The time that the points take out of a bucket that is full at first, by the time it
        took."""
        return max(0.0, self.points - OURS * CAPACITY) / RATE / self.seconds


@dataclass(frozen=True, slots=True)
class Ended:
    """What Shopify ends with: quantities that are right after each setting, the edits during the
    last one and the points they took; of how many edits and how many bad lines the log tells."""

    right: tuple[int, ...]
    edits: Edits
    points: int
    told: int
    named: int


def measure(database: str) -> list[Line]:
    """Points a thousand lines, the time beside the bucket's, and what Shopify ends with."""
    with deployment(mode="sync", database=database, workers=2) as shop:
        place = _prepare(shop)
        mark, began = shop.mark(), time.time()
        compared = _compare(shop)
        first = _took(shop, lambda: _confirm(shop), FIRST)
        whole = Took(_spent(shop, mark), last_set(shop.ledger("inventory", mark)) - began)
        rights = [right(_inventory(shop, place), _all(FIRST))]
        mark = shop.mark()
        changed = _took(shop, lambda: _change(shop, SECOND), SECOND)
        points = _points_of_stock(shop, mark)
        rights.append(right(_inventory(shop, place), _all(SECOND)))
        ended = _disturbed(shop, place, rights, points)
    return [_points(points, compared), *_lines(first, changed, whole), *_ends(ended)]


def _points_of_stock(shop: Deployment, mark: int) -> int:
    calls = shop.ledger("graphql", mark)
    return sum(each["actual"] or 0 for each in calls if each["operation"] in _OF_STOCK)


def _disturbed(shop: Deployment, place: str, rights: Sequence[int], undisturbed: int) -> Ended:
    """Have all set once more while a shelf is counted in Shopify."""
    mark = shop.mark()
    _took(shop, lambda: _change_and_count(shop, place), THIRD)
    shop.rest()
    made = edits(shop.ledger("inventory", mark), SECOND)
    wanted = _all(THIRD) | dict.fromkeys(made.late, COUNTED)
    return Ended(
        right=(*rights, right(_inventory(shop, place), wanted)),
        edits=made,
        points=_points_of_stock(shop, mark) - undisturbed,
        told=told_of(_messages(shop, "changed")),
        named=len(_messages(shop, "sku-unknown")),
    )


def _points(spent: float, compared: Took) -> Line:
    points = spent * 1000 / LINES
    return Line(
        "Points per 1,000 lines of stock that change",
        f"{points:.0f}",
        f"comparing them first {compared.points * 1000 / LINES:.0f}",
        f"≤ {MOST_POINTS:.0f}",
        points <= MOST_POINTS,
    )


def _lines(first: Took, changed: Took, whole: Took) -> list[Line]:
    share = whole.share
    return [
        Line(
            f"{LINES:,} lines compared and set for the first time",
            f"{share:.2f}",
            f"{whole.seconds:.0f} s for {whole.points} points, setting {first.seconds:.0f} s of it",
            f"≥ {LEAST}",
            share >= LEAST,
        ),
        Line(
            f"{LINES:,} lines changed at the warehouse, then set",
            f"{changed.seconds:.0f} s",
            f"{changed.points / RATE:.0f} s by an empty bucket",
        ),
    ]


def _ends(ended: Ended) -> list[Line]:
    early = len(ended.edits.early)
    return [
        Line(
            "Quantities that are right in Shopify's inventory",
            f"{min(ended.right):,}",
            f"the fewest, of {len(ended.right)} times that all were set",
            f"{GOOD:,}",
            min(ended.right) == GOOD,
        ),
        Line(
            f"Of {early} changed in Shopify before they were set, told of",
            str(ended.told),
            f"{ended.points} points more for reading them again",
            str(early),
            ended.told == early > 0,
        ),
        Line(
            f"Of {BAD} lines that can't be set, named",
            str(ended.named),
            "",
            str(BAD),
            ended.named == BAD,
        ),
    ]


def _prepare(shop: Deployment) -> str:
    """Give the shop its products and the warehouse its stock; quiet, but for the feed. Returns the
    location's id."""
    shop.shopify("POST", "/{shop}/uninstall")
    shop.rest()
    shop.shopify("POST", "/{shop}/install", {"scopes": [*SCOPES, "write_inventory"]})
    shop.client.open_app()
    shop.rest()
    shop.client.wms("PUT", "/faults", [{"where": "callback", "do": "no_callback", "times": None}])
    goods = {"title": "Article {n}", "sku": "A-{n:05d}", "price": "1.00", "available": 1}
    shop.shopify("POST", "/{shop}/products", goods | {"count": GOOD})
    _count(shop, FIRST)
    place = str(shop.shopify("GET", "/{shop}/locations")[0]["id"])
    version = shop.client.app("GET", "/api/settings")["version"]
    chosen = {"version": version, "stock_locations": {"WH": place}}
    shop.client.app("PUT", "/api/settings", chosen)
    full = {"throttle": True, "restore_rate": RATE, "capacity": CAPACITY}
    shop.shopify("PUT", "/settings", full)
    shop.rest()
    return place


def _count(shop: Deployment, units: int) -> None:
    rows = [{"sku": f"A-{number:05d}", "on_hand": units} for number in range(1, LINES + 1)]
    for start in range(0, LINES, _AT_ONCE):
        shop.client.wms("PUT", "/stock", rows[start : start + _AT_ONCE])


def _compare(shop: Deployment) -> Took:
    mark, began = shop.mark(), time.time()
    shop.client.app("POST", "/api/stock/compare")
    shop.until(lambda: _is_compared(shop), "the comparison", _PATIENCE)
    return Took(_spent(shop, mark), time.time() - began)


def _confirm(shop: Deployment) -> None:
    version = shop.client.app("GET", "/api/settings")["version"]
    shop.client.app("POST", "/api/stock/confirm", {"version": version})


def _change(shop: Deployment, units: int) -> None:
    _count(shop, units)
    shop.client.app("POST", "/api/jobs/update_inventory/run")


def _change_and_count(shop: Deployment, place: str) -> None:
    """Have all change at the warehouse, and a shelf in Shopify as soon as the first ones are set.
    Its articles are the last ones there are, so they are still to be set then."""
    mark = shop.mark()
    _change(shop, THIRD)
    shop.until(lambda: shop.ledger("inventory", mark), "the first quantities", _PATIENCE)
    shelf = [f"A-{number:05d}" for number in range(GOOD - SHELF + 1, GOOD + 1)]
    levels = [{"sku": sku, "location": place, "available": COUNTED} for sku in shelf]
    shop.shopify("PUT", "/{shop}/inventory", {"levels": levels})


def _took(shop: Deployment, begin: Callable[[], None], units: int) -> Took:
    """Have all lines set to so many units. The time is up to the last one in Shopify."""
    mark, began = shop.mark(), time.time()
    begin()
    shop.until(lambda: _is_told(shop, units), "stock", _PATIENCE)
    return Took(_spent(shop, mark), last_set(shop.ledger("inventory", mark)) - began)


def _spent(shop: Deployment, mark: int) -> int:
    return int(shop.shopify("GET", f"/{SHOP}/points?after={mark}")["net"])


def _all(units: int) -> dict[str, int]:
    return {f"A-{number:05d}": units for number in range(1, GOOD + 1)}


def _inventory(shop: Deployment, place: str) -> list[Mapping[str, Any]]:
    return list(shop.shopify("GET", f"/{SHOP}/inventory?location={place}"))


def _is_compared(shop: Deployment) -> bool:
    return bool(_rows(shop, "SELECT count(*) FROM stock_readings WHERE compared_at IS NOT NULL"))


def _is_told(shop: Deployment, units: int) -> bool:
    """Whether the app has set every line that can be set, by what it says."""
    return _rows(shop, "SELECT sum(told) FROM stock_levels") == units * GOOD


def _rows(shop: Deployment, query: str) -> int:
    with shop.engine.connect() as connection:
        return int(connection.execute(text(query)).scalar() or 0)


def _messages(shop: Deployment, code: str) -> list[str]:
    query = text("SELECT message FROM log_lines WHERE code = :code")
    with shop.engine.connect() as connection:
        return [str(said) for said in connection.execute(query, {"code": code}).scalars()]
