"""``refundCreate`` and ``orderCancel``: what Shopify refuses of them."""

import contextlib
import uuid
from decimal import Decimal

from sandbox.shopify import cancelling, refunds
from sandbox.shopify.call import Call
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.idempotency import once
from sandbox.shopify.mutating import Asked, Payload, Resolver, UserError, Wrong, answered, order_of
from sandbox.shopify.values import Node, gid

LONGEST_NOTE = 255


def _refund(call: Call, asked: Asked) -> Payload:
    wanted = asked["input"]
    order = order_of(call, wanted["orderId"], "orderId")
    lines, movements = wanted.get("refundLineItems") or [], wanted.get("transactions") or []
    if not lines and not movements:
        raise NotPossible("Refund must hold line items or transactions.", ["input"])
    units = [_units(call, order, row) for row in lines]
    errors = [
        UserError(words, ["input", "refundLineItems", str(index), field])
        for index, one in enumerate(units)
        for field, words in _unit_faults(one, units[:index])
    ]
    payments = [payment for row in movements if (payment := _payment(order, row))]
    over = bool(wanted.get("allowOverRefunding"))
    errors += _payment_faults(order, payments, over=over, lost=len(payments) < len(movements))
    if errors:
        raise Wrong(errors)
    wish = refunds.Wish(units, payments, wanted.get("note"), bool(wanted.get("notify")))
    return {"refund": refunds.make(call.world, call.shop, order, wish), "order": order}


def _units(call: Call, order: Node, row: Asked) -> refunds.Units:
    line: Node = next((one for one in order["_lines"] if one["id"] == row["lineItemId"]), {})
    place = call.shop.locations.get(row.get("locationId") or "")
    return refunds.Units(line, row["quantity"], row.get("restockType") or "NO_RESTOCK", place)


def _unit_faults(one: refunds.Units, before: list[refunds.Units]) -> list[tuple[str, str]]:
    if not one.line:
        return [("lineItemId", "Line item does not exist")]
    if any(other.line is one.line for other in before):
        return [("lineItemId", "Line items must be unique")]
    faults = _shelf_faults(one)
    if not 0 < one.quantity <= _most(one):
        faults.append(("quantity", "Quantity cannot refund more items than were purchased"))
    return faults


def _shelf_faults(one: refunds.Units) -> list[tuple[str, str]]:
    faults = []
    if one.restock == "LEGACY_RESTOCK":
        faults.append(("restockType", "Restock type is not accepted"))
    if one.restock in ("CANCEL", "RETURN") and (one.place is None or not one.place["isActive"]):
        faults.append(("locationId", "Location must be active to restock there"))
    if one.restock == "NO_RESTOCK" and one.place is not None:
        faults.append(("locationId", "Location must be blank when nothing is restocked"))
    return faults


def _most(one: refunds.Units) -> int:
    """Return how many units there are: still to be shipped, shipped, or either."""
    present, waiting = one.line["currentQuantity"], one.line["unfulfilledQuantity"]
    most: int = {"CANCEL": waiting, "RETURN": present - waiting}.get(one.restock) or 0
    return present if one.restock == "NO_RESTOCK" else most


def _payment(order: Node, row: Asked) -> refunds.Payment | None:
    parent = refunds.parent_of(order, row.get("parentId"))
    fits = row["orderId"] == order["id"] and row["kind"] == "REFUND" and parent is not None
    return refunds.Payment(order["_purse"].worth(row["amount"]), parent) if fits else None


def _payment_faults(
    order: Node, payments: list[refunds.Payment], *, over: bool, lost: bool
) -> list[UserError]:
    way = ["input", "transactions"]
    if lost:
        return [UserError("Transactions must refund a payment of the order", way)]
    amounts = [one.amount for one in payments]
    if any(amount <= 0 for amount in amounts):
        return [UserError("Transaction amount must be greater than 0", way)]
    if sum(amounts, Decimal(0)) > refunds.refundable(order) and not over:
        return [UserError("Refund amount is greater than what was received", way)]
    return []


def _cancel(call: Call, asked: Asked) -> Payload:
    order = order_of(call, asked["orderId"], "orderId")
    note, method = asked.get("staffNote"), asked.get("refundMethod") or {}
    if len(note or "") > LONGEST_NOTE:
        raise NotPossible("Staff note is too long", ["staffNote"], "INVALID")
    if asked.get("refund") is not None and method:
        raise NotPossible("Only one of refund and refundMethod is accepted", ["refund"], "INVALID")
    wish = cancelling.Wish(
        asked["reason"],
        asked["restock"],
        bool(asked.get("refund") or method.get("originalPaymentMethodsRefund")),
        bool(asked.get("notifyCustomer")),
        note,
    )
    cancelling.check(order, wish)
    return {"job": _job(call, order, wish), "userErrors": []}


def _job(call: Call, order: Node, wish: cancelling.Wish) -> Payload:
    """Cancel an order in a moment, if it still may be; the job says when that is over."""
    job: Payload = {"__typename": "Job", "id": gid("Job", str(uuid.uuid4())), "done": False}
    call.shop.jobs[job["id"]] = job
    order["_cancelling"] = True

    def work() -> None:
        with call.world.lock:
            order["_cancelling"] = False
            with contextlib.suppress(NotPossible):
                cancelling.cancel(call.world, call.shop, order, wish)
            job["done"] = True

    call.world.timers.after(call.world.settings.job_seconds, work)
    return job


REFUND_MUTATIONS: dict[tuple[str, str], Resolver] = {
    ("Mutation", "refundCreate"): once(answered(_refund)),
    ("Mutation", "orderCancel"): answered(_cancel, "orderCancelUserErrors"),
}
