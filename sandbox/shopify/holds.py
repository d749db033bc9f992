"""Holds of fulfillment orders: several at once, each with its owner and handle; and deadlines.

Callers hold the world's lock. NotPossible is raised where Shopify answers a user error.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify import payloads
from sandbox.shopify.fulfillment_orders import Lines, NotPossible
from sandbox.shopify.merchant import changed
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, moment_of, now
from sandbox.shopify.warehouse import announce
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World

# So many of one app on one fulfillment order.
MOST = 10
LONGEST_HANDLE = 64


@dataclass(frozen=True, slots=True)
class Wish:
    """Why something is to be held: one of Shopify's reasons, and words of one's own. ``by_app``:
    the app asks, and ``handle`` is its name for it."""

    reason: str = "OTHER"
    notes: str | None = None
    handle: str = ""
    by_app: bool = False


def hold(
    world: World, shop: Shop, one: Node, wish: Wish, lines: Lines | None = None
) -> tuple[Node, Node | None]:
    """Put on hold, wholly or for some lines; return the hold and the new one with the remainder."""
    _check(one, wish, lines)
    rest = _set_aside(shop, one, lines) if lines else None
    placed = {
        "id": shop.new_id("FulfillmentHold"),
        "reason": wish.reason,
        "reasonNotes": wish.notes,
        "displayReason": wish.reason.replace("_", " ").capitalize(),
        "heldByRequestingApp": wish.by_app,
        "handle": wish.handle if wish.by_app else None,
    }
    first = not one["fulfillmentHolds"]
    one["fulfillmentHolds"].append(placed)
    one["status"], one["updatedAt"] = "ON_HOLD", iso(now())
    if first:
        announce(world, shop, "fulfillment_orders/placed_on_hold", one)
    else:
        changed(world, shop, one["order"])
    _tell(world, shop, "fulfillment_holds/added", one, placed)
    return placed, rest


def _check(one: Node, wish: Wish, lines: Lines | None) -> None:
    if one["status"] not in fulfilment.OPEN:
        raise NotPossible("Fulfillment order is closed.", ["id"])
    if lines and one["fulfillmentHolds"]:
        raise NotPossible(
            "The fulfillment order is not in a splittable state.",
            ["fulfillmentHold", "fulfillmentOrderLineItems"],
            "FULFILLMENT_ORDER_NOT_SPLITTABLE",
        )
    if wish.by_app:
        _check_own(one, wish)


def _check_own(one: Node, wish: Wish) -> None:
    """An app's holds on a fulfillment order are few, and no two have one handle."""
    if len(wish.handle) > LONGEST_HANDLE:
        raise NotPossible("Handle is too long.", ["fulfillmentHold", "handle"])
    own = [each for each in one["fulfillmentHolds"] if each["heldByRequestingApp"]]
    if any(each["handle"] == wish.handle for each in own):
        raise NotPossible(
            "The handle is already in use by this app for another hold on this fulfillment order.",
            ["fulfillmentHold", "handle"],
            "DUPLICATE_FULFILLMENT_HOLD_HANDLE",
        )
    if len(own) >= MOST:
        raise NotPossible(
            "The maximum number of fulfillment holds has been reached for this app.",
            ["fulfillmentHold"],
            "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED",
        )


def _set_aside(shop: Shop, one: Node, lines: Lines) -> Node | None:
    """Put what is not to be held into a new fulfillment order, when there is any."""
    held = {line["id"] for line in lines}
    others = [row for row in fulfilment.everything(one) if row["id"] not in held]
    place = one["assignedLocation"]["location"]
    return fulfilment.carve(shop, one, others, place) if others else None


def release(world: World, shop: Shop, one: Node, ids: Collection[str] | None = None) -> None:
    """Lift some of its holds, all of them when none is named. It opens when none is left."""
    held = one["fulfillmentHolds"]
    if not held:
        raise NotPossible("Fulfillment order is not on hold.", ["id"])
    lifted = [each for each in held if ids is None or each["id"] in ids]
    one["fulfillmentHolds"] = [each for each in held if each not in lifted]
    one["updatedAt"] = iso(now())
    if one["fulfillmentHolds"]:
        changed(world, shop, one["order"])
    else:
        one["status"] = "OPEN"
        announce(world, shop, "fulfillment_orders/hold_released", one)
    for placed in lifted:
        _tell(world, shop, "fulfillment_holds/released", one, placed)


def _tell(world: World, shop: Shop, topic: str, one: Node, placed: Node) -> None:
    body = {
        "fulfillment_order": payloads.fulfillment_order(one),
        "fulfillment_hold": {"id": placed["id"], "reason": placed["reason"]},
    }
    publish(world, shop, topic, body, one["order"])


def set_deadline(world: World, shop: Shop, several: list[Node], moment: str) -> None:
    """Say by when fulfillment orders must be fulfilled."""
    for one in several:
        one["fulfillBy"], one["updatedAt"] = iso(moment_of(moment)), iso(now())
    for order in {each["order"]["id"]: each["order"] for each in several}.values():
        changed(world, shop, order)


def reschedule(world: World, shop: Shop, one: Node, moment: str) -> None:
    """Say when a scheduled fulfillment order opens."""
    if one["status"] != "SCHEDULED":
        raise NotPossible("Fulfillment order is not scheduled.", ["id"])
    one["fulfillAt"], one["updatedAt"] = iso(moment_of(moment)), iso(now())
    announce(world, shop, "fulfillment_orders/rescheduled", one)
