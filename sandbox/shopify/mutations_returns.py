"""Resolvers that write returns."""

from collections.abc import Callable

from sandbox.shopify import disposals, processing, returns
from sandbox.shopify.call import Call
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.mutating import Asked, Payload, Resolver, UserError, Wrong, answered, return_of
from sandbox.shopify.return_reasons import reason_of
from sandbox.shopify.returning import returnable
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node
from sandbox.shopify.world import World

LONGEST_NOTE = 255
LONGEST_DECLINE = 500


def _create(call: Call, asked: Asked) -> Payload:
    wanted = asked["returnInput"]
    order = call.shop.order(wanted["orderId"])
    if order is None or not call.sees_order(order):
        raise NotPossible("Order not found.", ["returnInput", "orderId"], "NOT_FOUND")
    if wanted.get("exchangeLineItems"):
        way = ["returnInput", "exchangeLineItems"]
        raise NotPossible("Exchanges are not available.", way, "FEATURE_NOT_ENABLED")
    lines = checked_lines(order, wanted["returnLineItems"])
    return {"return": returns.new_return(call.world, call.shop, order, lines, "OPEN")}


def checked_lines(order: Node, rows: list[Asked]) -> list[returns.Wanted]:
    """Return what comes back; raises Wrong, naming every fault."""
    way = ["returnInput", "returnLineItems"]
    if not rows:
        raise Wrong([UserError("Return line items can't be blank.", way, "BLANK")])
    units = {unit["id"]: unit for _, unit, _ in returnable(order)}
    left = {unit["id"]: count for _, unit, count in returnable(order)}
    errors: list[UserError] = []
    for index, row in enumerate(rows):
        errors += _faults(left, row, [*way, str(index)])
    if errors:
        raise Wrong(errors)
    return [
        returns.Wanted(
            units[row["fulfillmentLineItemId"]],
            row["quantity"],
            reason_of(row) or "UNKNOWN",
            row.get("returnReasonNote") or "",
        )
        for row in rows
    ]


def _faults(left: dict[str, int], row: Asked, way: list[str]) -> list[UserError]:
    """Return what is wrong with a line; units it asks for are no longer left to the next."""
    unit = row["fulfillmentLineItemId"]
    if unit not in left:
        field = [*way, "fulfillmentLineItemId"]
        return [UserError("Fulfillment line item not found.", field, "NOT_FOUND")]
    errors = []
    if not 0 < row["quantity"] <= left[unit]:
        words = "Return line item has an invalid quantity."
        errors.append(UserError(words, [*way, "quantity"], "INVALID"))
    left[unit] -= row["quantity"]
    return errors + _reason_faults(row, way)


def _reason_faults(row: Asked, way: list[str]) -> list[UserError]:
    reason, note = reason_of(row), row.get("returnReasonNote") or ""
    field = [*way, "returnReasonNote"]
    if reason is None:
        return [UserError("Return reason not found.", way, "NOT_FOUND")]
    if reason == "OTHER" and not note:
        return [UserError("Return reason note can't be blank.", field, "BLANK")]
    if len(note) > LONGEST_NOTE:
        return [UserError("Return reason note is too long.", field, "TOO_LONG")]
    return []


def _on(deed: Callable[[World, Shop, Node], None]) -> Resolver:
    def resolve(call: Call, asked: Asked) -> Payload:
        one = return_of(call, asked["id"], ["id"])
        deed(call.world, call.shop, one)
        return {"return": one}

    return answered(resolve)


def _approve(call: Call, asked: Asked) -> Payload:
    one = return_of(call, asked["input"]["id"], ["input", "id"])
    returns.approve(call.world, call.shop, one)
    return {"return": one}


def _decline(call: Call, asked: Asked) -> Payload:
    wanted = asked["input"]
    one, note = return_of(call, wanted["id"], ["input", "id"]), wanted.get("declineNote") or ""
    if len(note) > LONGEST_DECLINE:
        raise NotPossible("Decline note is too long.", ["input", "declineNote"], "TOO_LONG")
    returns.decline(call.world, call.shop, one, wanted["declineReason"], note)
    return {"return": one}


def _process(call: Call, asked: Asked) -> Payload:
    one = return_of(call, asked["input"]["returnId"], ["input", "returnId"])
    processing.process(call.world, call.shop, one, asked["input"])
    return {"return": one}


def _dispose(call: Call, asked: Asked) -> Payload:
    way = ["dispositionInputs"]
    several = disposals.checked(call.shop, asked["dispositionInputs"], way)
    disposals.dispose(call.world, call.shop, several)
    return {"reverseFulfillmentOrderLineItems": [one.line for one in several]}


RETURN_MUTATIONS: dict[tuple[str, str], Resolver] = {
    ("Mutation", "returnCreate"): answered(_create),
    ("Mutation", "returnApproveRequest"): answered(_approve),
    ("Mutation", "returnDeclineRequest"): answered(_decline),
    ("Mutation", "returnProcess"): answered(_process),
    ("Mutation", "returnClose"): _on(returns.close),
    ("Mutation", "returnReopen"): _on(returns.reopen),
    ("Mutation", "returnCancel"): _on(returns.cancel),
    ("Mutation", "reverseFulfillmentOrderDispose"): answered(_dispose),
}
