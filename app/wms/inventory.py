"""What a WMS tells of its stock, line by line."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.wms.feeds import FeedPage, Version, items_in
from app.wms.values import Value

_ITEM = "gid://shopify/InventoryItem/"


def _item(text: str) -> str:
    """Shopify's id in one form, whether the WMS keeps it whole or only its number."""
    number = text.strip().removeprefix(_ITEM)
    if number and not (number.isascii() and number.isdigit() and len(number) < 20):
        raise ValueError("It is no inventory item's id.")
    return f"{_ITEM}{number}" if number else ""


def _moment(given: Any) -> Any:
    """A time in UTC; one that can't be read is no reason to leave the line out."""
    try:
        moment = datetime.fromisoformat(str(given))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


Units = Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000)]
Name = Annotated[str, AfterValidator(str.strip)]


class StockLine(Value):
    """What a warehouse has of a SKU: absolute quantities. ``available`` may be below zero."""

    sku: Annotated[Name, Field(max_length=255)] = ""
    inventory_item_id: Annotated[str, AfterValidator(_item)] = ""
    warehouse: Annotated[Name, Field(max_length=64)] = ""
    on_hand: Units = 0
    available: Units
    incoming: Units = 0
    version: Version
    as_of: Annotated[datetime | None, BeforeValidator(_moment)] = None

    @model_validator(mode="after")
    def _named(self) -> "StockLine":
        if not (self.sku or self.inventory_item_id):
            raise ValueError("It names neither a SKU nor an inventory item.")
        return self


def stock_in(page: FeedPage) -> tuple[list[StockLine], list[str]]:
    """The lines of a page, and which of them make no sense, and why."""
    return items_in(page, StockLine, "sku", "inventory_item_id")
