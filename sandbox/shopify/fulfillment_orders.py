"""Fulfillment orders: how they come to be, and what keeps or changes their ids.

A whole move keeps the id. A partial move, a split and a hold on some lines put the remainder into a
new one; a merge makes a new one of several; a cancelled fulfillment makes new ones.
"""

from collections.abc import Iterable
from typing import Any

from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, moment_of, now

OPEN = frozenset({"OPEN", "IN_PROGRESS", "SCHEDULED", "ON_HOLD"})
Portion = tuple[Node, int]
Lines = list[dict[str, Any]]


class NotPossible(Exception):
    """Shopify refuses this; the message is its user error, ``field`` and ``code`` say on what."""

    def __init__(self, message: str, field: list[str] | None = None, code: str | None = None):
        super().__init__(message)
        self.field, self.code = field, code


def route(shop: Shop, order: Node) -> list[Node]:
    """Make an order's fulfillment orders, one per location and kind of delivery."""
    groups: dict[tuple[str, str], list[Portion]] = {}
    for line in order["_lines"]:
        if line["currentQuantity"]:
            key = (_location_of(shop, order, line), _method_of(order, line))
            groups.setdefault(key, []).append((line, line["currentQuantity"]))
    order["_routed"] = True
    made = [
        new(shop, order, shop.place_for(location), method, portions)
        for (location, method), portions in groups.items()
    ]
    for one in made:
        _schedule(order, one)
    refresh(order)
    return made


def _location_of(shop: Shop, order: Node, line: Node) -> str:
    return str(shop.place_for(line["_location"] or order["_location"])["id"])


def _method_of(order: Node, line: Node) -> str:
    return str(order["_delivery"]) if line["requiresShipping"] else "NONE"


def _schedule(order: Node, one: Node) -> None:
    later = order["_fulfill_at"]
    if later and moment_of(later) > now():
        one["status"], one["fulfillAt"] = "SCHEDULED", iso(moment_of(later))


def new(shop: Shop, order: Node, location: Node, method: str, portions: Iterable[Portion]) -> Node:
    """Add a fulfillment order to an order, for units of its lines at a location."""
    fulfillment_order = {
        "__typename": "FulfillmentOrder",
        "id": shop.new_id("FulfillmentOrder"),
        "status": "OPEN",
        "requestStatus": "UNSUBMITTED",
        "fulfillAt": order["createdAt"],
        "fulfillBy": None,
        "createdAt": iso(now()),
        "updatedAt": iso(now()),
        "orderId": order["id"],
        "orderName": order["name"],
        "orderProcessedAt": order["processedAt"],
        "order": order,
        "deliveryMethod": _delivery_method(shop, order, method),
        "destination": _destination(shop, order),
        "fulfillmentHolds": [],
        "_lines": [_line(shop, line, quantity) for line, quantity in portions],
        "_fulfillments": [],
    }
    assign(fulfillment_order, location)
    order["_fulfillment_orders"].append(fulfillment_order)
    return fulfillment_order


def assign(fulfillment_order: Node, location: Node) -> None:
    """Give a fulfillment order to a location."""
    address = location["address"]
    fulfillment_order["_managed"] = "third_party" if location["_service"] else "merchant_managed"
    fulfillment_order["assignedLocation"] = {
        "name": location["name"],
        "location": location,
        "address1": address.get("address1"),
        "city": address.get("city"),
        "zip": address.get("zip"),
        "countryCode": address.get("countryCode", "IT"),
        "phone": address.get("phone"),
    }


def _delivery_method(shop: Shop, order: Node, method: str) -> Node:
    line = order["shippingLine"] or {}
    return {
        "id": shop.new_id("DeliveryMethod"),
        "methodType": method,
        "presentedName": line.get("title"),
        "serviceCode": line.get("code"),
    }


def _destination(shop: Shop, order: Node) -> Node | None:
    address = order["shippingAddress"]
    if not address:
        return None
    destination = {key: value for key, value in address.items() if key not in ("id", "__typename")}
    return destination | {"id": shop.new_id("FulfillmentOrderDestination"), "email": order["email"]}


def readdress(shop: Shop, order: Node) -> None:
    """Send what is still open to the order's present address."""
    for one in still_open(order):
        one["destination"] = _destination(shop, order)


def _line(shop: Shop, line: Node, quantity: int) -> Node:
    variant = line["variant"]
    return {
        "__typename": "FulfillmentOrderLineItem",
        "id": shop.new_id("FulfillmentOrderLineItem"),
        "lineItem": line,
        "sku": line["sku"],
        "variant": variant,
        "inventoryItemId": variant["inventoryItem"]["id"] if variant else None,
        "productTitle": line["title"],
        "variantTitle": line["variantTitle"],
        "vendor": line["vendor"],
        "requiresShipping": line["requiresShipping"],
        "totalQuantity": quantity,
        "remainingQuantity": quantity,
        "originalUnitPriceSet": line["originalUnitPriceSet"],
    }


def carve(shop: Shop, source: Node, wanted: list[dict[str, Any]], location: Node) -> Node:
    """Move units of some lines out of a fulfillment order into a new one at a location."""
    portions = []
    for ask in wanted:
        line = find_line(source, ask["id"])
        quantity = int(ask["quantity"])
        if not 0 < quantity <= line["remainingQuantity"]:
            raise NotPossible(
                "Quantity is greater than what remains.", ["fulfillmentOrderLineItems"]
            )
        reduce_line(line, quantity)
        portions.append((line["lineItem"], quantity))
    drop_empty_lines(source)
    method = source["deliveryMethod"]["methodType"]
    return new(shop, source["order"], location, method, portions)


def find_line(fulfillment_order: Node, line_id: str) -> Node:
    """Return a line by its own id or its order line's; raise NotPossible when there is none."""
    lines: list[Node] = fulfillment_order["_lines"]
    for line in lines:
        if line_id in (line["id"], line["lineItem"]["id"]):
            return line
    raise NotPossible("Fulfillment order line item does not exist.", ["fulfillmentOrderLineItems"])


def reduce_line(line: Node, quantity: int) -> None:
    """Take units away from what is to be shipped."""
    line["totalQuantity"] -= quantity
    line["remainingQuantity"] -= quantity


def drop_empty_lines(fulfillment_order: Node) -> None:
    """Forget lines without units; a fulfillment order with nothing left to ship closes."""
    lines = fulfillment_order["_lines"]
    fulfillment_order["_lines"] = [line for line in lines if line["totalQuantity"] > 0]
    close_if_done(fulfillment_order)
    fulfillment_order["updatedAt"] = iso(now())


def close_if_done(fulfillment_order: Node) -> None:
    """Close a fulfillment order once nothing remains."""
    if not remaining(fulfillment_order) and fulfillment_order["status"] in OPEN:
        fulfillment_order["status"] = "CLOSED"


def remaining(fulfillment_order: Node) -> int:
    """Return how many units are still to be shipped."""
    return sum(line["remainingQuantity"] for line in fulfillment_order["_lines"])


def open_one(fulfillment_order: Node) -> Node:
    """Return a fulfillment order that is not finished; raise NotPossible for any other."""
    if fulfillment_order["status"] not in OPEN:
        raise NotPossible("Fulfillment order is closed.", ["id"], "INVALID")
    return fulfillment_order


def everything(fulfillment_order: Node) -> list[dict[str, Any]]:
    """Return all that remains, as line inputs."""
    return [
        {"id": line["id"], "quantity": line["remainingQuantity"]}
        for line in fulfillment_order["_lines"]
        if line["remainingQuantity"]
    ]


def still_open(order: Node) -> list[Node]:
    """Return an order's fulfillment orders that are not finished."""
    return [one for one in order["_fulfillment_orders"] if one["status"] in OPEN]


ACTIONS = {
    "OPEN": ("CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD", "SPLIT"),
    "IN_PROGRESS": ("CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN"),
    "ON_HOLD": ("RELEASE_HOLD", "HOLD", "MOVE"),
    "SCHEDULED": ("MARK_AS_OPEN", "MOVE"),
}


def supported_actions(fulfillment_order: Node) -> list[Node]:
    """Return what Shopify would let one do with a fulfillment order now."""
    actions = ACTIONS.get(fulfillment_order["status"], ())
    return [{"action": action, "externalUrl": None} for action in actions]


def refresh(order: Node) -> None:
    """Work out an order's fulfilment status and its lines' open quantities."""
    open_units: dict[str, int] = {}
    for one in order["_fulfillment_orders"]:
        for line in one["_lines"]:
            key = line["lineItem"]["id"]
            open_units[key] = open_units.get(key, 0) + line["remainingQuantity"]
    for line in order["_lines"]:
        line["unfulfilledQuantity"] = open_units.get(line["id"], 0)
    order["displayFulfillmentStatus"] = _display(order, sum(open_units.values()))


def _display(order: Node, left: int) -> str:
    statuses = {one["status"] for one in order["_fulfillment_orders"]} & OPEN
    if left == 0 and order["_routed"]:
        return "FULFILLED" if order["_fulfillments"] or not order["cancelledAt"] else "UNFULFILLED"
    if any(one["status"] == "SUCCESS" for one in order["_fulfillments"]):
        return "PARTIALLY_FULFILLED"
    for status in ("ON_HOLD", "SCHEDULED", "IN_PROGRESS"):
        if statuses == {status}:
            return status
    return "UNFULFILLED"
