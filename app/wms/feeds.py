"""What flows back from a WMS: pages of a feed, and shipments as full snapshots."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from app.wms.values import Value

_LONGEST = 64
FeedId = Annotated[str, Field(min_length=1, max_length=128)]
Version = Annotated[int, Field(ge=0, le=2**63 - 1)]
Quantity = Annotated[int, Field(ge=0, le=1_000_000_000)]


class FeedPage(Value):
    """A page of a feed as it stands on the wire. Its items are read one by one, so that one that
    makes no sense holds up no other."""

    items: list[Any] = Field(default_factory=list)
    next_cursor: str = ""
    has_more: bool = False


class FeedCarrier(Value):
    """Who carries a package."""

    code: str = ""
    name: str = ""


def _named(given: Any) -> Any:
    return {"name": given} if isinstance(given, str) else given


class Package(Value):
    """One parcel of a shipment."""

    carrier: Annotated[FeedCarrier, BeforeValidator(_named)] = Field(default_factory=FeedCarrier)
    tracking_number: str = ""
    tracking_url: str = ""


class ShippedLine(Value):
    """How much of an order line is in a shipment."""

    line_id: FeedId
    sku: str = ""
    quantity: Quantity


class ShipmentDocument(Value):
    """A label, an invoice or a packing slip that the WMS publishes."""

    kind: str = ""
    url: str = ""
    media_type: str = ""
    expires_at: str = ""


class Shipment(Value):
    """A shipment as the WMS sees it now: all of it, whatever was told before."""

    id: FeedId
    version: Version
    external_id: FeedId
    warehouse: str = ""
    state: str
    packed_at: str = ""
    shipped_at: str = ""
    delivered_at: str = ""
    packages: list[Package] = Field(default_factory=list)
    lines: list[ShippedLine] = Field(default_factory=list)
    documents: list[ShipmentDocument] = Field(default_factory=list)


def shipments_in(page: FeedPage) -> tuple[list[Shipment], list[str]]:
    """The shipments of a page, and which of its items make no sense, and why."""
    return items_in(page, Shipment, "id")


V = TypeVar("V", bound=Value)


def items_in(page: FeedPage, kind: type[V], *names: str) -> tuple[list[V], list[str]]:
    """The items of a page as values; and of each that makes no sense what it is called in the first
    of the fields ``names`` that it has, else where it is on the page, and what is wrong with it."""
    found: list[V] = []
    senseless: list[str] = []
    for place, item in enumerate(page.items, start=1):
        try:
            found.append(kind.model_validate(item))
        except ValidationError as error:
            senseless.append(f"{_name(item, names) or f'no. {place}'} ({_fault(error)})")
    return found, senseless


def _name(item: Any, names: tuple[str, ...]) -> str:
    given = item if isinstance(item, Mapping) else {}
    called = (_shown(given[name]) for name in names if isinstance(given.get(name), str | int))
    return next((name for name in called if name), "")


def _fault(error: ValidationError) -> str:
    """The first field that is wrong, with what it holds."""
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])[:_LONGEST]
    if not field:
        return first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{field}: {'missing' if first['type'] == 'missing' else _shown(first['input'])}"


def _shown(given: Any) -> str:
    """A value on one line, as far as it can be shown."""
    if isinstance(given, int) and abs(given) >= 10**_LONGEST:
        return "far too large"
    if not isinstance(given, str | int | float):
        return type(given).__name__
    text = "".join(sign for sign in str(given) if sign.isprintable())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
