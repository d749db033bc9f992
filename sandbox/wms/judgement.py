"""May the warehouse take this order? Issues or a Problem; nothing is changed."""

from collections import Counter
from typing import Any

from sandbox.wms.documents import ISO_COUNTRY, Document, Line
from sandbox.wms.problems import Problem
from sandbox.wms.settings import DEFAULT_FIELDS, Settings
from sandbox.wms.stock import Bin, Stock


def judge(document: Document, settings: Settings, stock: Stock) -> list[dict[str, Any]]:
    """Issues that do not stop the order. Raises Problem for what does."""
    _check_warehouse(document, settings)
    _check_skus(document, settings)
    _check_address(document, settings)
    _check_defaults(document, settings)
    wanted = {line.line_id: line.quantity for line in document.lines}
    return shortages(document, wanted, settings, stock)


def _check_warehouse(document: Document, settings: Settings) -> None:
    codes = [warehouse["code"] for warehouse in settings.warehouses]
    if document.warehouse not in codes:
        raise Problem(
            422,
            "warehouse-unknown",
            f"There is no warehouse {document.warehouse}. Choose one of {', '.join(codes)}, "
            "then send again.",
            field="warehouse",
        )


def _check_skus(document: Document, settings: Settings) -> None:
    if settings.accept_all_skus:
        return
    for index, line in enumerate(document.lines):
        if line.sku in settings.unknown_skus:
            raise Problem(
                422,
                "sku-unknown",
                f"No item here has SKU {line.sku}.",
                field=f"lines[{index}].sku",
                line_id=line.line_id,
                sku=line.sku,
            )


def _check_address(document: Document, settings: Settings) -> None:
    address = document.ship_to
    country = address.country_code if address else None
    if country and not ISO_COUNTRY.fullmatch(country):
        raise Problem(
            422,
            "address-invalid",
            f"{country} is not a country code of two capital letters. "
            "Correct the shipping address, then send again.",
            field="ship_to.country_code",
        )
    if settings.require_address and document.method == "delivery" and not country:
        raise Problem(
            422,
            "address-invalid",
            "The order has no delivery address. Add one, then send again.",
            field="ship_to",
        )
    if address and address.zip in settings.unserved_zips:
        raise Problem(
            422,
            "address-invalid",
            f"No carrier goes to {address.zip} {address.city}, for {address.name}.",
            field="ship_to.zip",
        )


def _check_defaults(document: Document, settings: Settings) -> None:
    for key in settings.required_defaults:
        if not (document.defaults or {}).get(key):
            raise Problem(
                422,
                "invalid",
                f"The order has no {DEFAULT_FIELDS[key].lower()}. Set it for all orders.",
                field=f"defaults.{key}",
            )


def shortages(
    document: Document, units: dict[str, int], settings: Settings, stock: Stock
) -> list[dict[str, Any]]:
    """Which lines of a document lack goods for the units that are still wanted of each."""
    wanted: Counter[str] = Counter()
    for line in document.lines:
        wanted[line.sku] += units[line.line_id]
    short = {
        sku
        for sku, many in (+wanted).items()
        if sku in settings.out_of_stock_skus
        or stock.short(document.external_id, Bin(sku, document.warehouse), many)
    }
    return [_lacking(line) for line in document.lines if line.sku in short]


def _lacking(line: Line) -> dict[str, Any]:
    return Problem(
        409,
        "out-of-stock",
        f"SKU {line.sku} is out of stock. The order waits for it.",
        line_id=line.line_id,
        sku=line.sku,
    ).body()
