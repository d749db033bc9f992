"""The tracking numbers that the list of orders shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import session
from app.domain.shipments import CANCELLED
from app.models import Order, Shipment, Shop
from app.web.order_shipments import web_address


@dataclass(frozen=True, slots=True)
class Tracking:
    """An order's first tracking number, where it can be followed (empty: nowhere), and how many
    others there are."""

    number: str
    address: str
    others: int


def tracking_of(shop: Shop, orders: Sequence[Order]) -> dict[int, Tracking]:
    """What there is to follow of these orders, by their rows' ids."""
    found: dict[int, dict[str, str]] = {}
    for order, number, address in _numbers(shop, orders):
        found.setdefault(order, {}).setdefault(number, address)
    return {
        order: Tracking(*next(iter(numbers.items())), others=len(numbers) - 1)
        for order, numbers in found.items()
    }


def _numbers(shop: Shop, orders: Sequence[Order]) -> Iterator[tuple[int, str, str]]:
    query = (
        select(Shipment.order_id, Shipment.packages)
        .where(
            Shipment.shop_id == shop.id,
            Shipment.order_id.in_([order.id for order in orders]),
            Shipment.state != CANCELLED,
        )
        .order_by(Shipment.id)
    )
    packages: list[dict[str, Any]]
    for order, packages in session().execute(query):
        for package in packages:
            if package["number"]:
                yield order, package["number"], web_address(package["url"])
