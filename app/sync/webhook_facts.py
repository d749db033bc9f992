"""What is kept of a webhook's body: ids, our own tags, times. Nothing personal."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.tags import Vocabulary

# Of one customer, in one privacy topic.
_MOST_ORDERS = 10_000
_ORDER, _PART = "gid://shopify/Order/", "gid://shopify/FulfillmentOrder/"


def facts_of(topic: str, body: Mapping[str, Any], ours: Vocabulary) -> dict[str, Any]:
    """The few things of a body that the topic's handler needs. Of an order's tags only those that
    are ``ours``: a merchant types whatever else into them."""
    if topic == "orders/delete":
        return {"only_its_id": body.keys() == {"id"}}
    if topic.startswith("orders/"):
        tags = [tag.strip() for tag in str(body.get("tags") or "").split(",")]
        return {
            "name": str(body.get("name") or "")[:64],
            "created_at": body.get("created_at"),
            "tags": sorted(ours.state_tags(tags)),
        }
    if topic.startswith(("fulfillment_orders/", "fulfillment_holds/")):
        return {"parts": sorted(set(_part_gids(body)))[:50]}
    if topic.startswith("fulfillments/"):
        number = str(body.get("admin_graphql_api_id") or "")[:64]
        return {"status": str(body.get("status") or "")[:32], "fulfillment": number}
    if topic.startswith("customers/"):
        named = body.get("orders_to_redact") or body.get("orders_requested")
        return {"orders": _texts(named)}
    return {}


def _texts(value: Any) -> list[str]:
    return [str(each)[:64] for each in value][:_MOST_ORDERS] if isinstance(value, list) else []


def _part_gids(value: Any) -> Iterator[str]:
    """Every fulfillment order named anywhere in a body."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _part_gids(inner)
    elif isinstance(value, str) and value.startswith(_PART):
        yield value[:64]


def order_gid(topic: str, body: Mapping[str, Any]) -> str:
    """The gid of the order a body is about; empty when it names none."""
    inner = body.get("order_edit") or body.get("fulfillment_order")
    if topic.startswith("orders/") and not inner:
        number = body.get("id") or body.get("order_id") or body.get("admin_graphql_api_order_id")
    else:
        number = (inner if isinstance(inner, Mapping) else body).get("order_id")
    text = str(number or "").removeprefix(_ORDER)
    return f"{_ORDER}{text}" if text.isascii() and text.isdigit() and len(text) < 20 else ""


def moment_of(text: Any) -> datetime | None:
    """A time as Shopify writes it, in UTC; None for anything else."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None
