"""Processing a return: units confirmed as come back, their end, and money given back.

Callers hold the world's lock. A call does all it asks for, or nothing.
"""

from decimal import Decimal

from sandbox.shopify import refunds, returns
from sandbox.shopify.disposals import Disposal, checked, dispose
from sandbox.shopify.mutating import Asked, UserError, Wrong
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node
from sandbox.shopify.world import World

LINES = ["input", "returnLineItems"]


def process(world: World, shop: Shop, one: Node, asked: Asked) -> None:
    """Process some of a return; it stays open until it is closed. Raises Wrong."""
    rows = asked.get("returnLineItems") or []
    _check_state(one, asked)
    chosen = _checked_lines(one, rows)
    ends = [end for index, row in enumerate(rows) for end in _ends(shop, one, row, index)]
    payments = _payments(one["order"], asked)
    if ends:
        dispose(world, shop, ends)
    for line, count in chosen:
        _count(line, count)
    if payments:
        made = refunds.make(
            world, shop, one["order"], refunds.Wish((), payments, asked.get("note"))
        )
        made["return"] = one
        one["_refunds"].append(made)
    if asked.get("notifyCustomer"):
        world.ledger.add("email", shop=shop.domain, order=one["order"]["id"], what="return")
    returns.processed(world, shop, one)


def _check_state(one: Node, asked: Asked) -> None:
    if one["status"] != "OPEN":
        raise Wrong([UserError(returns.BAD_STATE, ["input", "returnId"], "INVALID_STATE")])
    if asked.get("exchangeLineItems"):
        words = "Exchanges are not available."
        raise Wrong([UserError(words, ["input", "exchangeLineItems"], "FEATURE_NOT_ENABLED")])
    if not asked.get("returnLineItems"):
        raise Wrong([UserError("Return line items can't be blank.", LINES, "BLANK")])


def _checked_lines(one: Node, rows: list[Asked]) -> list[tuple[Node, int]]:
    lines = {line["id"]: line for line in one["_lines"]}
    errors = []
    for index, row in enumerate(rows):
        line, way = lines.get(row["id"]), [*LINES, str(index)]
        if line is None:
            errors.append(UserError("Return line item not found.", [*way, "id"], "NOT_FOUND"))
        elif not 0 < row["quantity"] <= line["processableQuantity"]:
            words = "Return line item has an invalid quantity."
            errors.append(UserError(words, [*way, "quantity"], "INVALID"))
    if errors:
        raise Wrong(errors)
    return [(lines[row["id"]], row["quantity"]) for row in rows]


def _ends(shop: Shop, one: Node, row: Asked, index: int) -> list[Disposal]:
    """Return the dispositions of a line; they must be of its goods, and no more than processed."""
    if not row.get("dispositions"):
        return []
    way = [*LINES, str(index), "dispositions"]
    ends = checked(shop, row["dispositions"], way)
    unit = next(line for line in one["_lines"] if line["id"] == row["id"])["fulfillmentLineItem"]
    if any(end.line["fulfillmentLineItem"] is not unit for end in ends):
        words = "Dispositions must be of the return line item."
        raise Wrong([UserError(words, way, "INVALID")])
    if sum(end.quantity for end in ends) > row["quantity"]:
        raise Wrong([UserError("Quantity is invalid.", way, "INVALID")])
    return ends


def _payments(order: Node, asked: Asked) -> list[refunds.Payment]:
    transfer = asked.get("financialTransfer") or {}
    issued = (transfer.get("issueRefund") or {}).get("orderTransactions") or []
    payments = [
        refunds.Payment(
            Decimal(str(row["transactionAmount"]["amount"])),
            refunds.parent_of(order, row["parentId"]),
        )
        for row in issued
    ]
    way = ["input", "financialTransfer"]
    if any(one.parent is None for one in payments):
        raise Wrong([UserError("Transaction not found.", way, "NOT_FOUND")])
    if sum((one.amount for one in payments), Decimal(0)) > refunds.refundable(order):
        raise Wrong([UserError("Refund amount is too big.", way, "TOO_BIG")])
    return payments


def _count(line: Node, count: int) -> None:
    """Note units as processed: they are no longer part of the order."""
    line["fulfillmentLineItem"]["lineItem"]["currentQuantity"] -= count
    line["processedQuantity"] += count
    line["refundedQuantity"] += count
    for name in ("processableQuantity", "unprocessedQuantity", "refundableQuantity"):
        line[name] -= count
