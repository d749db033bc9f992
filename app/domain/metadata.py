"""What the merchant maps from an order to the WMS's metadata fields."""

from collections.abc import Callable, Mapping

from app.domain.shop_order import OrderRead

_PLAIN: dict[str, Callable[[OrderRead], str | None]] = {
    "order_id": lambda order: order.id.rpartition("/")[2],
    "order_number": lambda order: order.name,
    "note": lambda order: order.note,
    "tags": lambda order: ", ".join(order.tags),
    "shipping_method": lambda order: order.shipping_line.title if order.shipping_line else None,
    "shipping_code": lambda order: order.shipping_line.code if order.shipping_line else None,
    "source_name": lambda order: order.source_name,
    "currency": lambda order: order.currency,
    "presentment_currency": lambda order: order.presentment_currency,
}


def metadata(order: OrderRead, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the WMS's fields with their values; what an order does not have is left out.

    ``mapping`` is from the WMS's field to a source (``app/domain/settings.py``). ``tag:x`` says
    *yes* on orders tagged x.
    """
    found = {field: _value(order, source) for field, source in mapping.items()}
    return {field: value for field, value in found.items() if value}


def _value(order: OrderRead, source: str) -> str | None:
    kind, _, name = source.partition(":")
    if kind == "attribute":
        return order.custom_attributes.get(name)
    if kind == "metafield":
        return order.metafields.get(name)
    if kind == "tag":
        tagged = name.casefold() in {tag.casefold() for tag in order.tags}
        return "yes" if tagged else None
    return _PLAIN[source](order)


def metafields_in(mapping: Mapping[str, str]) -> list[str]:
    """The metafields (``namespace.key``) that a mapping asks for."""
    prefix = "metafield:"
    return sorted({s.removeprefix(prefix) for s in mapping.values() if s.startswith(prefix)})
