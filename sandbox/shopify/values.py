"""Small values Shopify's answers are made of: global ids, times, sums of money."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Node = dict[str, Any]
CENT = Decimal("0.01")


def gid(kind: str, number: int | str) -> str:
    """Return a global id such as ``gid://shopify/Order/1``."""
    return f"gid://shopify/{kind}/{number}"


def kind_of(global_id: str) -> str:
    """Return the type named in a global id, empty when it is none."""
    parts = global_id.split("/")
    well_formed = len(parts) == 5 and parts[:3] == ["gid:", "", "shopify"]
    return parts[3] if well_formed and number_of(global_id) else ""


def number_of(global_id: str) -> int:
    """Return the number a global id ends with, 0 when there is none."""
    tail = str(global_id).rsplit("/", 1)[-1].partition("?")[0]
    return int(tail) if tail.isascii() and tail.isdigit() else 0


def now() -> datetime:
    """Return the present time in UTC, to the second, as Shopify keeps it."""
    return datetime.now(UTC).replace(microsecond=0)


def iso(moment: datetime) -> str:
    """Return a time as GraphQL answers spell it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str) -> datetime:
    """Read an ISO time or date; UTC where no zone is given. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def money(amount: Decimal | str | float, currency: str) -> Node:
    """Return a MoneyV2 with two digits."""
    exact = Decimal(str(amount)).quantize(CENT, ROUND_HALF_UP)
    return {"__typename": "MoneyV2", "amount": str(exact), "currencyCode": currency}


class Purse:
    """Makes MoneyBags in a shop's and a customer's currency at a fixed rate."""

    def __init__(self, shop: str, presentment: str, rate: Decimal) -> None:
        self.shop, self.presentment, self.rate = shop, presentment, rate

    def bag(self, amount: Decimal) -> Node:
        """Return a MoneyBag for an amount in the shop's currency."""
        return {
            "shopMoney": money(amount, self.shop),
            "presentmentMoney": money(amount * self.rate, self.presentment),
        }

    def worth(self, amount: str | float) -> Decimal:
        """Return what an amount in the customer's currency is in the shop's."""
        return (Decimal(str(amount)) / self.rate).quantize(CENT, ROUND_HALF_UP)
