"""A shop with a big catalogue and a warehouse that differs from it, written straight into the
database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from app.db import db
from app.domain.drift import Kind, Repair
from app.domain.skus import Kind as Trouble
from app.models import Connection, DriftRow, SkuFinding
from app.models.stock import CatalogueItem, StockLevel, WarehouseStock

ITEMS = 20_000
# As many differences as nobody could repair in a day.
DRIFT = 5_000
_LOCATION = "gid://shopify/Location/1"


def fill() -> None:
    """Give the one connected shop of the current app's database ``ITEMS`` inventory items with
    their stock at the warehouse, a finding of the SKU doctor about each, and ``DRIFT`` differences.
    Takes a few seconds."""
    connection = db.session.query(Connection).one()
    shop = {"shop_id": connection.shop_id}
    account = {"connection_id": connection.id, "generation": connection.generation}
    numbers = range(1, ITEMS + 1)
    _insert(CatalogueItem, [shop | _item(n) for n in numbers])
    _insert(WarehouseStock, [shop | account | _line(n) for n in numbers])
    _insert(StockLevel, [shop | _level(n) for n in numbers])
    _insert(SkuFinding, [shop | _finding(n) for n in numbers])
    _insert(DriftRow, [shop | _difference(n) for n in range(1, DRIFT + 1)])
    db.session.commit()


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model), rows)


def _item(number: int) -> dict[str, Any]:
    ids = {name: f"gid://shopify/{name}/{number}" for name in ("InventoryItem", "ProductVariant")}
    return {
        "item": ids["InventoryItem"],
        "variant": ids["ProductVariant"],
        "product": f"gid://shopify/Product/{number // 4}",
        "sku": f"SKU-{number}",
        "name": f"Shirt {number // 4}, size {number % 4}",
    }


def _line(number: int) -> dict[str, Any]:
    known = number % 10 > 0
    return {
        "sku": f"SKU-{number}",
        "warehouse": "WH",
        "available": number % 97,
        "told_version": 1,
        "target": f"gid://shopify/InventoryItem/{number}" if known else "",
        "location": _LOCATION if known else "",
        "reason": "" if known else "untracked",
        "due": False,
    }


def _level(number: int) -> dict[str, Any]:
    return {
        "item": f"gid://shopify/InventoryItem/{number}",
        "location": _LOCATION,
        "seen": number % 89,
        "wanted": number % 97,
        "reason": "" if number % 20 else "gone",
    }


def _finding(number: int) -> dict[str, Any]:
    kinds = list(Trouble)
    return {
        "kind": kinds[number % len(kinds)],
        "alike": f"sku-{number}",
        "sku": f"SKU-{number}",
        "name": f"Shirt {number // 4}",
        "title": f"shirt {number // 4}",
    }


def _difference(number: int) -> dict[str, Any]:
    kinds = list(Kind)
    found = datetime.now(UTC) - timedelta(seconds=number)
    return {
        "key": f"difference:{number}",
        "kind": kinds[number % len(kinds)],
        "repair": Repair.SEND if number % 2 else Repair.NONE,
        "side": "wms",
        "order_id": number,
        "subject": f"gid://shopify/Order/{number}",
        "name": f"#{1000 + number}",
        "shopify": "In Shopify.",
        "warehouse": "At the warehouse.",
        "found_at": found,
        "seen_at": found,
    }
