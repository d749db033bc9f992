"""May the warehouse take this order? Pure: document and settings in, issues or Problem out."""

from typing import Any

from sandbox.wms.documents import ISO_COUNTRY, Document
from sandbox.wms.problems import Problem
from sandbox.wms.settings import Settings


def judge(document: Document, settings: Settings) -> list[dict[str, Any]]:
    """Issues that do not stop the order. Raises Problem for what does."""
    _check_warehouse(document, settings)
    _check_skus(document, settings)
    _check_address(document, settings)
    return shortages(document, settings)


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


def shortages(document: Document, settings: Settings) -> list[dict[str, Any]]:
    """What of a document is out of stock; the order waits for it."""
    short = [line for line in document.lines if line.sku in settings.out_of_stock_skus]
    return [
        Problem(
            409,
            "out-of-stock",
            f"SKU {line.sku} is out of stock. The order waits for it.",
            line_id=line.line_id,
            sku=line.sku,
        ).body()
        for line in short
    ]
